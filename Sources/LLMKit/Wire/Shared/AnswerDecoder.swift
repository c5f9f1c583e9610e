/// Reads one vendor's answers, whole or event by event.
///
/// Both ways fill the same accumulator, so a streamed answer cannot come out, or be billed, differently from a whole one.
protocol AnswerDecoder: Sendable {
    /// Takes a whole answer.
    mutating func readAnswer(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure)

    /// Takes the data of one event of a stream, and appends what it says to `events`.
    mutating func readEvent(
        _ data: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent]
    ) throws(DecodingFailure)

    /// Whether the vendor's terminal marker has arrived.
    var isComplete: Bool { get }

    /// Everything that was read. Timing, request id and losses are the transport's to fill in.
    func response() throws(DecodingFailure) -> ChatResponse

    /// The vendor's id of the model that answers, once it has told.
    var servedModel: String? { get }

    /// What the vendor reported so far, in disjoint classes.
    var reportedUsage: ReportedUsage { get }
}

/// Why an answer could not be read.
enum DecodingFailure: Error {
    /// The bytes are not the JSON that was expected.
    case shape(JSONReader.Failure)
    /// The vendor reports an error where an answer was due.
    case vendor(VendorError)
}

/// Usage as far as the vendor has told it.
struct ReportedUsage {
    var usage: Usage
    var hasInput: Bool
    var hasOutput: Bool
    /// The UTF-8 bytes of all output so far, which output tokens are estimated from.
    var outputByteCount: Int

    /// Usage with the gaps filled from text lengths.
    /// - Parameter isComplete: `false` if the answer was cut: then the vendor's last word on output was too early.
    func filled(inputByteCount: Int, isComplete: Bool) -> Usage {
        var usage = usage
        // Nothing but zeros is no report: some servers and gateways write them where they do not know.
        let isReport = usage.total > 0 || outputByteCount == 0
        guard !(isComplete && hasInput && hasOutput && isReport) else { return usage }
        if !hasInput || !isReport { usage.input = Usage.estimatedTokens(utf8Count: inputByteCount) }
        usage.output = max(usage.output, Usage.estimatedTokens(utf8Count: outputByteCount))
        usage.reportedTotal = nil
        usage.isEstimated = true
        return usage
    }
}

extension JSONReader {
    /// A count of tokens: anything a vendor may write for one, held to 0…2^53; `nil` for what is no number.
    mutating func tokenCount() throws(Failure) -> Int? {
        guard try kind() == .number else {
            try skipValue()
            return nil
        }
        let start = offset
        if let count = try? int() { return min(max(count, 0), 1 << 53) }
        offset = start
        let range = try numberRange()
        // Beyond 64 bits, or with a fraction that no token has.
        let value = Double(String(decoding: bytes[range], as: UTF8.self)) ?? 0
        return value >= 0x1p53 ? 1 << 53 : Int(max(value, 0))
    }
}
