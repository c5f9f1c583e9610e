/// What a request asks for, whichever wire format it came in.
struct Conversation: Sendable {
    struct ToolOffer: Sendable {
        var name: String
        var description: String
        var schema: JSONValue
    }

    enum ToolChoice: Sendable, Equatable {
        case automatic
        case none
        case required
        case named(String)
    }

    /// A point up to which the sender wants the prompt kept in the vendor's cache.
    struct CacheBreakpoint: Sendable {
        /// Bytes of the ``prompt`` before it.
        var bytes: Int
        var isOneHour: Bool
    }

    var model = ""
    /// The instructions: every system message.
    var system = ""
    /// The text of the last user message.
    var question = ""
    /// The text of the user message before it, which the model has answered since.
    var earlierQuestion = ""
    /// What a tool answered, if that is the last word.
    var toolResult: String?
    /// Everything the model reads, in order, as the tokenizer and the prompt cache see it.
    var prompt: [UInt8] = []
    var images = 0
    var breakpoints: [CacheBreakpoint] = []
    var tools: [ToolOffer] = []
    var toolChoice = ToolChoice.automatic
    /// The schema of a structured answer.
    var schema: JSONValue?
    var maxTokens: Int?
    var stop: [String] = []
    var isStream = false
    /// Whether a stream should report its usage: OpenAI does so only when asked.
    var wantsUsage = false
    /// How many alternatives to report per token; `nil` if no log-probabilities are wanted.
    var logProbabilities: Int?

    /// All tokens of the input, by the four-byte rule.
    var inputTokens: Int { Tokens.count(bytes: prompt.count) + images * Tokens.perImage }

    /// Takes the next message of the user.
    mutating func ask(_ text: String) {
        earlierQuestion = question
        question = text
    }

    mutating func read(_ text: String) { prompt.append(contentsOf: text.utf8) }
}
