/// Writes server-sent events (HTML standard, §9.2).
enum ServerSentEventWriter {
    /// - Parameters:
    ///   - name: the event's type; `nil` for none.
    ///   - data: what it carries. Line breaks become lines of their own, which the reader joins again with line feeds.
    static func write(_ data: [UInt8], name: StaticString? = nil, to output: inout [UInt8]) {
        if let name {
            output += "event: ".utf8
            output += UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
            output.append(UInt8(ascii: "\n"))
        }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            output += "data: ".utf8
            output += line
            output.append(UInt8(ascii: "\n"))
        }
        output.append(UInt8(ascii: "\n"))
    }
}
