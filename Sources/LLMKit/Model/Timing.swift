/// How long a call took, and where the time went.
public struct Timing: Hashable, Sendable, Codable {
    /// Until the connection stood; zero on a reused one; `nil` if nothing was connected (mocks, caches).
    public var connect: Duration?
    /// Until the first token (TTFT); `nil` for answers that were not streamed.
    public var firstToken: Duration?
    /// The longest wait between two tokens (ITL).
    public var longestGap: Duration?
    /// The mean wait between two tokens (ITL).
    public var meanGap: Duration?
    public var total: Duration

    package init(
        connect: Duration? = nil,
        firstToken: Duration? = nil,
        longestGap: Duration? = nil,
        meanGap: Duration? = nil,
        total: Duration = .zero
    ) {
        self.connect = connect
        self.firstToken = firstToken
        self.longestGap = longestGap
        self.meanGap = meanGap
        self.total = total
    }
}
