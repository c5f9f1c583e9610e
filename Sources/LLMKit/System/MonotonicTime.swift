import CPlatform

/// Nanoseconds of a clock that never goes back: plain integers, which the transport's clocks compare by the thousand.
enum MonotonicTime {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Duration {
    /// In nanoseconds, cut off at a century, which spares every caller the overflow.
    var nanoseconds: Int64 {
        let century: Int64 = 100 * 365 * 86_400
        let (seconds, attoseconds) = components
        guard seconds.magnitude < century.magnitude else { return (seconds < 0 ? -century : century) * 1_000_000_000 }
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// As `2.0 seconds`, for messages: to the millisecond, or exactly if there is less than one.
    var inSeconds: String {
        let seconds = Double(nanoseconds) / 1e9
        return "\(nanoseconds < 1_000_000 ? seconds : (seconds * 1000).rounded() / 1000) seconds"
    }
}
