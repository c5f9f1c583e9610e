/// A whole answer, with everything a bill, a trace or a judge needs to know of it.
public struct ChatResponse: Hashable, Sendable, Codable {
    public var message: ChatMessage
    public var finish: FinishReason
    public var usage: Usage
    /// Whether the vendor's own end marker arrived. A truncated answer is never cached or judged.
    public var state: TerminalState
    /// The pipeline's name of the model that answered.
    public var model: ModelName?
    /// The vendor's id of the model that answered, which may be more precise than the one asked for.
    public var servedModel: String?
    /// The service tier that the vendor says it used. What it bills besides tokens is named behind it
    /// (`standard+web_search`): such a tier has no price unless the price table or the app gives it one.
    public var serviceTier: ServiceTier
    /// The vendor's id of the answer, such as `chatcmpl-…` or `msg_…`.
    public var id: String?
    /// Who answered; `nil` if nobody was asked.
    public var upstream: Upstream?
    /// Our id of the request, as in ledger rows and spans. It is about this one request and not written into caches.
    public var requestID: RequestID?
    /// The vendor's id of this request, from the answer's headers: what its support asks for. Where there is none, the
    /// ``id`` of the answer.
    public var vendorRequestID: String?
    public var logProbabilities: [TokenLogProbability]?
    public var timing: Timing
    /// How sure the pipeline's signal was of this answer, 0 to 1, if it was judged.
    public var confidence: Double?
    /// That confidence with its parts. It is about this one request and not written into caches.
    public var judgement: Confidence?
    /// Everything that was paid for this answer: rejected tiers and confidence included; `nil` if a price is unknown.
    public var cost: Money?
    /// The cache that served the answer, if one did.
    public var servedBy: CacheHit.Source?
    /// Why a semantic cache served the answer, if one did. It is about this one request and not written into caches.
    public var match: SemanticMatch?
    /// What was lost on the way, in words: of the request, what the vendor could not express (`"seed"`,
    /// `"thinking of another vendor"`); of the answer, what nothing here has a place for (`"citations"`, `"audio"`,
    /// `"images of the answer"`).
    ///
    /// What was lost of an answer does not go back to the vendor with the next turn either.
    public var losses: [String]
    /// The attempt that gave the answer, while its pipeline settles it.
    var attempt: SpanID?

    /// Whether an answer came to its end.
    public enum TerminalState: String, Hashable, Sendable, Codable { case complete, truncated }

    public init(
        _ message: ChatMessage,
        finish: FinishReason = .stop,
        usage: Usage = Usage(),
        state: TerminalState = .complete,
        servedModel: String? = nil,
        id: String? = nil,
        vendorRequestID: String? = nil,
        logProbabilities: [TokenLogProbability]? = nil
    ) {
        self.message = message
        self.finish = finish
        self.usage = usage
        self.state = state
        self.servedModel = servedModel
        self.serviceTier = .standard
        self.id = id
        self.vendorRequestID = vendorRequestID
        self.logProbabilities = logProbabilities
        self.timing = Timing()
        self.losses = []
    }

    /// An answer of plain text.
    public init(_ text: String, usage: Usage = Usage(), logProbabilities: [TokenLogProbability]? = nil) {
        self.init(.assistant(text), usage: usage, logProbabilities: logProbabilities)
    }

    private enum CodingKeys: String, CodingKey {
        case message, finish, usage, state, model, servedModel, serviceTier, id, upstream, logProbabilities, timing
        case confidence, cost, servedBy, losses
        /// As the first edition wrote it.
        case vendorRequestID = "requestID"
    }

    public var text: String { message.text }
    public var toolCalls: [ToolCall] { message.toolCalls }
}
