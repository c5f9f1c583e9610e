/// What a caller asks for: a plain value that routers, caches and tests read and copy freely.
///
/// ```swift
/// let request: ChatRequest = "What is the capital of France?"
/// ```
public struct ChatRequest: Hashable, Sendable {
    public var messages: [ChatMessage]
    /// A model the caller would like; routers may honour it, caches are partitioned by it.
    public var model: ModelName?
    public var tools: [Tool]
    public var toolChoice: ToolChoice?
    /// Whether the model may call several tools at once; `nil` leaves it to the vendor.
    public var allowsParallelToolCalls: Bool?
    public var responseFormat: ResponseFormat
    public var sampling: Sampling
    public var reasoningEffort: ReasoningEffort?
    /// The moment after which the answer is of no use. Every nested attempt inherits it.
    public var deadline: ContinuousClock.Instant?
    public var timeouts: Timeouts
    public var caller: Caller
    public var cachePolicy: CachePolicy
    /// What keeps this request's cached answers apart from all others', beside tenant and everything that is asked: such
    /// as the version of the documents that the prompt was made from.
    public var cachePartition: String?
    /// What belongs to this one call and not to what is asked.
    private var transient = Transient()

    /// What everything done for the request shares; set by the pipeline that it goes through. No part of its identity.
    public var scope: RequestScope? {
        get { transient.scope }
        set { transient.scope = newValue }
    }

    /// The trace that the request belongs to: its spans hang below the span given here. No part of its identity.
    public var trace: TraceContext? {
        get { transient.trace }
        set { transient.trace = newValue }
    }

    /// The id to book, trace and answer the request under, for an app that sends or logs it before the answer is there.
    ///
    /// `nil`, as a rule: the pipeline makes one. It stands in ``ChatResponse/requestID``, ``LLMError/requestID``, ledger rows
    /// and spans. If a request of the same id is under way, this one gets another. No part of its identity.
    public var requestID: RequestID? {
        get { transient.requestID }
        set { transient.requestID = newValue }
    }

    /// Requests that differ only in this are the same request.
    private struct Transient: Hashable {
        var requestID: RequestID?
        var scope: RequestScope?
        var trace: TraceContext?
        static func == (a: Transient, b: Transient) -> Bool { true }
        func hash(into hasher: inout Hasher) {}
    }

    public init(
        _ messages: [ChatMessage],
        model: ModelName? = nil,
        tools: [Tool] = [],
        toolChoice: ToolChoice? = nil,
        responseFormat: ResponseFormat = .text,
        sampling: Sampling = Sampling(),
        reasoningEffort: ReasoningEffort? = nil,
        caller: Caller = Caller()
    ) {
        self.messages = messages
        self.model = model
        self.tools = tools
        self.toolChoice = toolChoice
        self.responseFormat = responseFormat
        self.sampling = sampling
        self.reasoningEffort = reasoningEffort
        self.timeouts = Timeouts()
        self.caller = caller
        self.cachePolicy = .all
    }

    /// A single question from the user.
    public init(_ prompt: String, caller: Caller = Caller()) {
        self.init([.user(prompt)], caller: caller)
    }

    /// The text of the last user message, which is what most routers look at.
    public var prompt: String { messages.last { $0.role == .user }?.text ?? "" }
}

extension ChatRequest: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text) }
}

/// What a request may do with caches.
public struct CachePolicy: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// An answer may come from a cache.
    public static let read = CachePolicy(rawValue: 1)
    /// The answer may be kept for later requests.
    public static let write = CachePolicy(rawValue: 2)
    /// Only an answer to this very question may come from a cache, not one to a question that is alike.
    ///
    /// Beside ``read``: `request.cachePolicy = [.all, .exactOnly]`.
    public static let exactOnly = CachePolicy(rawValue: 4)
    public static let all: CachePolicy = [.read, .write]
    public static let none: CachePolicy = []
}
