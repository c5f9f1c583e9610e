import LLMKit

/// How often a simulated vendor misbehaves: each number `n` is "one first attempt in n", 0 is never, 1 is always.
///
/// Which requests are hit follows from the seed and the request's bytes, not from the order of arrival: runs repeat
/// exactly whatever the concurrency. Another attempt of the same request succeeds, unless the number is 1.
public struct Faults: Sendable {
    /// 429, with `Retry-After`.
    var rateLimited: Int
    /// 500.
    var serverError: Int
    /// 529 at Anthropic, 503 at OpenAI.
    var overloaded: Int
    /// A stream whose connection closes before its end.
    var cutStream: Int

    public init(rateLimited: Int = 0, serverError: Int = 0, overloaded: Int = 0, cutStream: Int = 0) {
        self.rateLimited = rateLimited
        self.serverError = serverError
        self.overloaded = overloaded
        self.cutStream = cutStream
    }

    /// A vendor that always does what it should.
    public static let none = Faults()
    /// What a busy day looks like: about one request in twenty-five meets some trouble.
    package static let occasional = Faults(rateLimited: 60, serverError: 90, overloaded: 120)

    func failure(attempt: Int, hash: StableHash) -> WireError? {
        if strikes(rateLimited, "rate", attempt, hash) {
            var error = WireError(.rateLimited, "Rate limit reached; try again after the time in the headers.")
            error.retryAfter = .seconds(1)
            return error
        }
        if strikes(serverError, "server", attempt, hash) {
            return WireError(.server, "The server had an error while processing your request.")
        }
        if strikes(overloaded, "overload", attempt, hash) {
            return WireError(.overloaded, "The model is overloaded; slow down.")
        }
        return nil
    }

    func cutsStream(attempt: Int, hash: StableHash) -> Bool { strikes(cutStream, "cut", attempt, hash) }

    private func strikes(_ oneIn: Int, _ name: String, _ attempt: Int, _ hash: StableHash) -> Bool {
        guard oneIn > 1 else { return oneIn == 1 }
        return attempt == 0 && hash.combined(with: name).mixed % UInt64(oneIn) == 0
    }
}
