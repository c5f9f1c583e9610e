/// Receives what happened, as spans.
///
/// One method must be written, so that a bridge to a tracing system is a few lines.
///
/// ```swift
/// struct PrintTracer: Tracer {
///     func record(_ span: TraceSpan) { print(span.name, span.duration) }
/// }
/// ```
///
/// Recording neither suspends nor fails a request.
public protocol Tracer: Sendable {
    /// A span has ended.
    func record(_ span: TraceSpan)

    /// A span has begun: its ids, name and start are those that ``record(_:)`` will see at its end; it has no attributes
    /// and no duration yet. Told of requests, of calls of nested pipelines and of attempts, each before anything that
    /// hangs below it: for bridges that must open their own spans in time. The default does nothing.
    func began(_ span: TraceSpan)

    /// A span that had begun will never end: another one, which has begun since, tells of the same call. The default does
    /// nothing.
    /// - Parameter id: the span's, as ``began(_:)`` was told it.
    func withdrew(_ id: SpanID)

    /// Whether spans are wanted at all; making them costs a little.
    var isEnabled: Bool { get }

    /// Returns when everything recorded so far is safe. The default has nothing to wait for.
    func flush() async
}

extension Tracer {
    public var isEnabled: Bool { true }
    public func began(_ span: TraceSpan) {}
    public func withdrew(_ id: SpanID) {}
    public func flush() async {}
}
