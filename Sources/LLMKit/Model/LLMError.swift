/// The one error a pipeline throws: what failed, whether trying again may help, and why.
public struct LLMError: Error, Sendable {
    public var code: Code
    /// What was wrong, where, and what to do about it.
    ///
    /// Holds no key, and of the vendor's own words at most 300 characters, cleaned of what looks like one.
    public var message: String
    /// How long the upstream, or a limit, asks to wait.
    public var retryAfter: Duration?
    /// The upstream's HTTP status, if it answered at all.
    public var status: Int?
    /// The vendor's own name of the error, such as `overloaded_error`: low in cardinality, fit for metrics.
    public var vendorCode: String?
    /// Our id of the request, as in ledger rows and spans.
    public var requestID: RequestID?
    /// The vendor's id of the failed request.
    public var vendorRequestID: String?
    /// What the upstream says about retrying (`x-should-retry`), which outranks what we would guess.
    public var shouldRetry: Bool?
    /// What the failed call had used when it failed: an interrupted stream is still billed.
    public var usage: Usage?
    public var cause: (any Error)?
    /// Whether the request left this machine; `nil` if nobody knows. What never left is not billed.
    var reachedUpstream: Bool?

    public init(_ code: Code, _ message: String = "", retryAfter: Duration? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// Wraps whatever a provider, router or cache threw. An ``LLMError`` passes through unchanged.
    public init(wrapping error: any Error) {
        switch error {
        case let error as LLMError: self = error
        case is CancellationError: self.init(.cancelled, "the task was cancelled", cause: error)
        // Its text may quote a prompt: only its kind is told.
        default: self.init(.unknown, "an error of type \(type(of: error)); see its cause", cause: error)
        }
    }

    /// Whether another attempt may succeed.
    public var isRetryable: Bool { shouldRetry ?? code.isTransient }
}

extension LLMError: CustomStringConvertible {
    public var description: String { message.isEmpty ? "\(code)" : "\(code): \(message)" }
}
