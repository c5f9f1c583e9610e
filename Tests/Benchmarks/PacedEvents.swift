/// Events that say when they were written, so that whoever reads one knows how long it was under way.
///
/// Upstream, gateway and reference run on one machine and share its monotonic clock. An event's text is `@` and the
/// nanoseconds of the moment before its write.
enum PacedEvents {
    /// What is appended to a base URL's host to have events come every so many milliseconds.
    static func url(_ base: String, pace milliseconds: Double) throws -> String {
        guard base.hasSuffix("/v1") else { throw UsageError(message: "--pace needs a --url that ends in /v1") }
        return "\(base.dropLast(3))/pace/\(Int(milliseconds * 1000))/v1"
    }

    /// An event's text, made now.
    static var stamp: String { "@\(Int64(monotonicSeconds() * 1e9))" }

    /// How long a text was under way, in seconds; `nil` if it has no stamp.
    static func delay(of text: some StringProtocol) -> Double? {
        guard text.first == "@", let nanoseconds = Int64(text.dropFirst()) else { return nil }
        return monotonicSeconds() - Double(nanoseconds) * 1e-9
    }

    /// How long each event of a piece of a body was under way, which holds whole events or parts of them. A stamp that is
    /// cut counts for nothing.
    static func delays(in bytes: UnsafeRawBufferPointer) -> [Double] {
        let now = monotonicSeconds()
        var delays: [Double] = []
        var place = 0
        while let at = bytes[place...].firstIndex(of: UInt8(ascii: "@")) {
            var nanoseconds: Int64 = 0
            place = at + 1
            while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
                nanoseconds = nanoseconds &* 10 &+ Int64(bytes[place] - 0x30)
                place += 1
            }
            if place < bytes.count { delays.append(now - Double(nanoseconds) * 1e-9) }
        }
        return delays
    }
}
