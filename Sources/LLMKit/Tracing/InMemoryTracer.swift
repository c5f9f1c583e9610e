import Synchronization

/// Keeps finished spans in memory, for tests.
public final class InMemoryTracer: Tracer {
    private let spans = Mutex<[TraceSpan]>([])

    public init() {}

    public func record(_ span: TraceSpan) { spans.withLock { $0.append(span) } }

    /// Everything recorded so far, in the order in which it finished.
    public var finishedSpans: [TraceSpan] { spans.withLock { $0 } }

    /// The finished spans of this name.
    package func finishedSpans(named name: String) -> [TraceSpan] { finishedSpans.filter { $0.name == name } }

    /// Forgets everything.
    package func removeAll() { spans.withLock { $0 = [] } }
}

extension TraceSpan {
    /// The value of an attribute, if the span has it.
    public subscript(key: SpanAttribute.Key) -> SpanAttribute.Value? {
        attributes.last { $0.key == key }?.value
    }
}
