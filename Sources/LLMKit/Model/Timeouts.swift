/// The four clocks of a call. Every `nil` leaves that clock to whoever is asked next.
///
/// One clock cannot tell a slow connection from a slow model: a total short enough to catch a dead connection cuts long
/// answers, one long enough for them lets a dead connection hang.
///
/// The request's own clocks come first, then those of the decorators around the provider, from the outermost to the
/// innermost, and last the defaults of ``HTTPClient/Configuration/timeouts``, for the vendors that are called over HTTP.
/// ``never`` and ``unlimited`` switch clocks off.
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

    /// A clock that does not run, whatever the default: thirty years.
    ///
    /// `request.timeouts.idle = Timeouts.never` allows pauses of any length.
    public static let never = Duration.seconds(1_000_000_000)

    /// No clock runs, whatever the defaults: only a deadline, or the other side, ends the call.
    public static let unlimited = Timeouts(connect: never, firstToken: never, idle: never, total: never)

    /// Takes from `other` what is not set here.
    package func filled(from other: Timeouts) -> Timeouts {
        Timeouts(
            connect: connect ?? other.connect,
            firstToken: firstToken ?? other.firstToken,
            idle: idle ?? other.idle,
            total: total ?? other.total
        )
    }
}
