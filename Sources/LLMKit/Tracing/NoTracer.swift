/// Wants no spans, so that none are made.
public struct NoTracer: Tracer {
    public init() {}
    public var isEnabled: Bool { false }
    public func record(_ span: TraceSpan) {}
}

extension Tracer where Self == NoTracer {
    /// Wants no spans, so that none are made.
    public static var none: NoTracer { NoTracer() }
}
