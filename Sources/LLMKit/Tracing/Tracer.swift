/// Receives finished spans.
///
/// One method, so that a bridge to a tracing system is a few lines.
///
/// ```swift
/// struct PrintTracer: Tracer {
///     func record(_ span: TraceSpan) { print(span.name, span.duration) }
/// }
/// ```
///
/// Recording neither suspends nor fails a request.
public protocol Tracer: Sendable {
    func record(_ span: TraceSpan)

    /// Whether spans are wanted at all; making them costs a little.
    var isEnabled: Bool { get }

    /// Returns when everything recorded so far is safe. The default has nothing to wait for.
    func flush() async
}

extension Tracer {
    public var isEnabled: Bool { true }
    public func flush() async {}
}
