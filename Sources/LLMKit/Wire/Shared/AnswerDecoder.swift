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

    /// Takes a marker after which nothing of the answer comes, `[DONE]`.
    mutating func readEndMarker(into events: inout [StreamEvent]) throws(DecodingFailure)

    /// Takes the end of a body that was transferred whole: with a reason for its end, the answer is complete although
    /// its terminal marker is missing.
    mutating func readEnd(into events: inout [StreamEvent]) throws(DecodingFailure)

    /// Whether the answer has ended: by the vendor's terminal marker, or by a reason and the end of the body.
    var isComplete: Bool { get }

    /// Whether the vendor has said why the answer ends.
    var hasReason: Bool { get }

    /// Everything that was read. Timing, request id and losses are the transport's to fill in.
    func response() throws(DecodingFailure) -> ChatResponse

    /// The vendor's id of the model that answers, once it has told.
    var servedModel: String? { get }

    /// What the vendor reported so far, in disjoint classes.
    var reportedUsage: ReportedUsage { get }

    /// What of the answer has no place in a ``ChatResponse``, in the words of ``ChatResponse/losses``.
    var losses: [String] { get }
}

extension AnswerDecoder {
    var losses: [String] { [] }
}

/// Why an answer could not be read.
enum DecodingFailure: Error {
    /// The bytes are not the JSON that was expected.
    case shape(JSONReader.Failure)
    /// The vendor reports an error where an answer was due.
    case vendor(VendorError)
    /// The answer broke off, as the text says.
    case cut(String)
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
