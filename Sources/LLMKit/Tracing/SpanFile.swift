import Synchronization

/// The file of a ``JSONLinesTracer``, as its queue sees it.
final class SpanFile: Sendable {
    /// Locked by the queue's thread alone: recording never waits for it.
    private let file: Mutex<RotatingFile>

    init(_ file: consuming sending RotatingFile) { self.file = Mutex(file) }

    /// Writes spans; those that a failing disk keeps out are lost, because old spans are worth little.
    func write(_ spans: ArraySlice<TraceSpan>) -> BatchDelivery {
        let (written, error) = file.withLock { $0.append(spans) }
        return error.map { .lost(spans.count - written, $0) } ?? .delivered
    }
}
