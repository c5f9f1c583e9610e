/// The four clocks of a call. Every `nil` means that clock does not run.
///
/// One clock cannot tell a slow connection from a slow model: a total short enough to catch a dead connection cuts long
/// answers, one long enough for them lets a dead connection hang.
public struct Timeouts: Hashable, Sendable, Codable {
    /// From the start until a connection (TLS included) stands.
    public var connect: Duration?
    /// From the start until the first token (TTFT); for an answer that is not streamed, until it is there.
    public var firstToken: Duration?
    /// Between two tokens of a stream (ITL).
    public var idle: Duration?
    /// From the start until the end, whatever happens in between.
    public var total: Duration?

    public init(
        connect: Duration? = nil,
        firstToken: Duration? = nil,
        idle: Duration? = nil,
        total: Duration? = nil
    ) {
        self.connect = connect
        self.firstToken = firstToken
        self.idle = idle
        self.total = total
    }

    /// Takes from `other` what is not set here.
    public func filled(from other: Timeouts) -> Timeouts {
        Timeouts(
            connect: connect ?? other.connect,
            firstToken: firstToken ?? other.firstToken,
            idle: idle ?? other.idle,
            total: total ?? other.total
        )
    }
}
