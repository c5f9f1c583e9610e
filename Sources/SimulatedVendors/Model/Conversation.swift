import LLMKit

/// A request as a simulated model reads it: what is asked, and the prompt as its tokenizer sees it.
struct Conversation: Sendable {
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
    private(set) var prompt: [UInt8] = []
    private(set) var images = 0
    private(set) var breakpoints: [CacheBreakpoint] = []
    var tools: [Tool] = []
    var toolChoice: ToolChoice?
    /// The schema of a structured answer.
    var schema: JSONText?
    var maxTokens: Int?
    /// Whether the model shall think before it answers.
    var thinks = false
    var stop: [String] = []
    /// How many alternatives to report per token; `nil` if no log-probabilities are wanted.
    var logProbabilities: Int?

    /// All tokens of the input, by the four-byte rule.
    var inputTokens: Int { Tokens.count(bytes: prompt.count) + images * Tokens.perImage }

    /// What a model makes up that may write any document.
    private static let anyAnswer = try? JSONText(#"{"type":"object","properties":{"answer":{"type":"string"}}}"#)

    init() {}

    init(_ decoded: DecodedRequest) {
        let request = decoded.request
        model = decoded.model
        tools = request.tools
        toolChoice = request.toolChoice
        maxTokens = request.sampling.maxOutputTokens
        thinks = decoded.thinking.map { $0 != .disabled } ?? false
        stop = request.sampling.stop
        logProbabilities = request.sampling.logProbabilities?.top
        switch request.responseFormat {
        case .text: break
        case .json: schema = Self.anyAnswer
        case .jsonSchema(let wanted): schema = wanted.json
        }
        for (index, tool) in request.tools.enumerated() {
            read("\(tool.name)\n\(tool.description)\n\(tool.parameters.json)\n")
            mark(.tool(index), decoded)
        }
        for (index, message) in request.messages.enumerated() { read(message, at: index, decoded) }
    }

    private mutating func read(_ message: ChatMessage, at index: Int, _ decoded: DecodedRequest) {
        read(message.role.rawValue + "\n")
        toolResult = nil
        for (place, part) in message.parts.enumerated() {
            switch part {
            case .text(let text): read(text)
            case .image: images += 1
            case .toolCall(let call): read("\(call.id)\(call.name)\(call.arguments)")
            case .toolResult(let result):
                toolResult = result.text
                read(result.text)
            case .thinking(let thinking): read(thinking.redacted ?? thinking.text)
            case .vendor(let block): read(block.json.description)
            }
            mark(.part(message: index, part: place), decoded)
        }
        read("\n")
        switch message.role {
        case .system: system += system.isEmpty ? message.text : "\n" + message.text
        case .user where !message.text.isEmpty:
            earlierQuestion = question
            question = message.text
        case .user, .assistant, .tool: break
        }
    }

    private mutating func read(_ text: String) { prompt.append(contentsOf: text.utf8) }

    private mutating func mark(_ place: DecodedRequest.CacheBreakpoint.Place, _ decoded: DecodedRequest) {
        for point in decoded.cacheBreakpoints where point.place == place {
            breakpoints.append(CacheBreakpoint(bytes: prompt.count, isOneHour: point.isOneHour))
        }
    }
}
