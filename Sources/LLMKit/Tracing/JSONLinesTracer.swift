/// Writes finished spans to a file, one JSON document per line, and starts a new file when one is full.
///
/// ```swift
/// let tracer = try JSONLinesTracer(path: "trace.jsonl", maxBytes: 100 << 20, keep: 5)
/// ```
///
/// Recording only puts the span into a queue; a thread of its own renders and writes. If that cannot keep up, or the
/// disk fails, spans are dropped and counted (``droppedCount``), and no request is held up. Full files are renamed to
/// `trace.jsonl.1`, `.2` and so on. One file belongs to one process.
public final class JSONLinesTracer: Tracer {
    let queue: BatchQueue<TraceSpan>

    /// Opens the file, or makes it, readable by its owner only.
    /// - Parameters:
    ///   - path: the file. What it holds already is kept.
    ///   - maxBytes: how large it may grow before the next one is started.
    ///   - keep: how many full files to keep; 0 keeps none.
    ///   - capacity: how many spans may wait to be written.
    ///   - diagnostics: told when spans are dropped.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be opened, `invalid_configuration` if a number makes
    ///   no sense.
    public init(
        path: String,
        maxBytes: Int = 64 << 20,
        keep: Int = 4,
        capacity: Int = 16_384,
        diagnostics: Diagnostics = .standardError
    ) throws(LLMError) {
        guard maxBytes > 0, keep >= 0, capacity > 0 else {
            throw LLMError(
                .invalidConfiguration,
                "trace file \(path): maxBytes and capacity must be above 0, and keep not below"
            )
        }
        let file = SpanFile(try RotatingFile(path: path, maxBytes: maxBytes, keep: keep))
        queue = BatchQueue(
            "trace file",
            BatchQueue.Options(capacity: capacity),
            worker: SerialWorker("llmkit.trace"),
            diagnostics: diagnostics,
            deliver: file.write
        )
    }

    public func record(_ span: TraceSpan) { queue.append(span) }

    /// Returns when everything recorded so far is written, or dropped because it could not be.
    public func flush() async { _ = await queue.flush() }

    /// How many spans were dropped, because the queue was full or the disk failed.
    public var droppedCount: Int { queue.droppedCount }

    /// Why the last batch could not be written; `nil` if it could.
    public var lastError: LLMError? { queue.lastError.map(LLMError.init(wrapping:)) }
}
