/// Hands every span to several tracers, such as a file and a collector.
public struct MultiTracer: Tracer {
    let tracers: [any Tracer]

    /// - Parameter tracers: those that are not enabled get nothing.
    public init(_ tracers: [any Tracer]) { self.tracers = tracers }

    public var isEnabled: Bool { tracers.contains { $0.isEnabled } }

    public func began(_ span: TraceSpan) {
        for tracer in tracers where tracer.isEnabled { tracer.began(span) }
    }

    public func withdrew(_ id: SpanID) {
        for tracer in tracers where tracer.isEnabled { tracer.withdrew(id) }
    }

    public func record(_ span: TraceSpan) {
        for tracer in tracers where tracer.isEnabled { tracer.record(span) }
    }

    public func flush() async {
        for tracer in tracers { await tracer.flush() }
    }
}

extension Tracer where Self == MultiTracer {
    /// Wants no spans, so that none are made.
    public static var none: MultiTracer { MultiTracer([]) }

    /// Hands every span to several tracers.
    public static func all(_ tracers: any Tracer...) -> MultiTracer { MultiTracer(tracers) }
}
