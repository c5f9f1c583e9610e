/// How a vendor's Chat Completions differ from OpenAI's: names, addresses and habits, as data.
///
/// The vendors of ``presets`` are known; for any other compatible server take ``compatible``.
public struct OpenAIDialect: Hashable, Sendable {
    /// What errors, and `--vendor` switches, call it.
    public package(set) var name: String
    /// Its OpenTelemetry name (`gen_ai.provider.name`); the `name` where the conventions have none.
    package var vendor: String
    /// Its public address; empty for servers that have none.
    package var baseURL: String
    /// The environment variable that usually holds the key; `nil` for servers that want no key.
    package var keyVariable: String?
    package var authentication = Authentication.bearer
    package var capabilities: Capabilities
    /// The field that limits output.
    package var outputLimit = OutputLimit.maxTokens
    package var seedField = "seed"
    /// The word for "at least one call, of any tool".
    package var requiredToolChoice = "required"
    package var logProbabilities = LogProbabilityField.flagAndCount
    package var schemaField = SchemaField.jsonSchema
    package var reasoning = Reasoning.effort
    /// Whether streams must be asked for usage; the others tell it anyway, and some refuse the question.
    package var asksForStreamUsage = true
    /// Whether streams come with random padding unless told otherwise.
    package var padsStreams = false
    /// Whether reasoning must go back together with the tool calls it led to.
    package var takesReasoningBack = false
    /// Members of messages and tool calls that the vendor gives and wants back: signatures of thoughts, as a rule.
    package var returnedMembers: Set<String> = []
    /// What it refuses.
    package var rules = RequestRules.compatible
    /// A header that reports tokens read from the prompt cache.
    package var cachedTokensHeader: String?
    /// What its names for errors mean.
    var errorNames = ErrorNames.openAI

    /// Where the key goes.
    package enum Authentication: Hashable, Sendable {
        case bearer
        /// A header of this name that holds the bare key.
        case header(String)
    }

    package enum OutputLimit: String, Hashable, Sendable {
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
    }

    /// How log-probabilities are asked for.
    package enum LogProbabilityField: Hashable, Sendable {
        /// `logprobs: true` and `top_logprobs: n`.
        case flagAndCount
        /// `logprobs: n`.
        case count
    }

    /// Where the JSON schema of an answer goes.
    package enum SchemaField: Hashable, Sendable {
        /// `{"type":"json_schema","json_schema":{…}}`.
        case jsonSchema
        /// `{"type":"json","value":…}`.
        case value
    }

    /// How reasoning effort is asked for.
    package enum Reasoning: Hashable, Sendable {
        /// `reasoning_effort: level`.
        case effort
        /// `reasoning_effort: level`, but "none" is `thinking: {"type":"disabled"}`.
        case effortOrDisabled
        /// `enable_thinking: bool`: levels are lost.
        case toggle
    }

    /// - Parameters:
    ///   - name: what errors call the vendor.
    ///   - vendor: its OpenTelemetry name; `name` if there is none.
    ///   - baseURL: the part of the address before `/chat/completions`.
    ///   - keyVariable: the environment variable that holds the key; `nil` if no key is wanted.
    ///   - capabilities: what its format can express.
    package init(
        name: String,
        vendor: String? = nil,
        baseURL: String = "",
        keyVariable: String? = nil,
        capabilities: Capabilities = .all
    ) {
        self.name = name
        self.vendor = vendor ?? name
        self.baseURL = baseURL
        self.keyVariable = keyVariable
        self.capabilities = capabilities
    }

    /// The same dialect with changes.
    package func with(_ change: (inout OpenAIDialect) -> Void) -> OpenAIDialect {
        var copy = self
        change(&copy)
        return copy
    }

    /// The wire format's name: thinking and vendor parts of this origin are understood.
    static let wireFormat = "openai.chat"

    /// The origin of vendor parts that are members of a message, and no content of it.
    static let messageMembers = "openai.chat.message"
}
