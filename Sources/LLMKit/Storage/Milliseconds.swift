import PortableFoundation

/// Times and spans in the whole numbers that databases keep.
enum Milliseconds {
    /// Milliseconds since the start of 1970, UTC.
    static func since1970(_ date: Date) -> Int64 { saturating(date.timeIntervalSince1970 * 1000) }

    static func date(_ milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// A span in milliseconds, rounded down; what is longer than 10,000 years counts as 10,000 years.
    static func count(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return min(max(seconds, 0), 315_576_000_000) * 1000 + max(attoseconds, 0) / 1_000_000_000_000_000
    }

    /// The nearest whole number; the ends of the range for what lies beyond, 0 for what is none.
    static func saturating(_ value: Double) -> Int64 {
        if let exact = Int64(exactly: value.rounded()) { return exact }
        return value > 0 ? .max : value < 0 ? .min : 0
    }
}
