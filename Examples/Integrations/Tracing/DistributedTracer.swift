import Foundation
import LLMKit
import Synchronization
import Tracing

/// Makes the spans of a pipeline in swift-distributed-tracing, below the span that is current where the pipeline is asked.
///
/// ```swift
/// let pipeline = try Pipeline(router: …, tracer: DistributedTracer()) { … }
/// ```
///
/// A request's span hangs below `ServiceContext.current`; where there is none, such as in a task of its own, below the
/// span that ``ChatRequest/trace`` names (`traceparent` of W3C). Attributes have OpenTelemetry's names for generative AI.
public final class DistributedTracer: LLMKit.Tracer {
    private let tracer: (any Tracing.Tracer)?
    private let spans = Mutex(Spans())

    /// - Parameter tracer: makes the spans; the one that the app has bootstrapped, if it is not given.
    public init(_ tracer: (any Tracing.Tracer)? = nil) { self.tracer = tracer }

    private var backend: any Tracing.Tracer { tracer ?? InstrumentationSystem.tracer }

    /// Without a tracer there is nothing to make spans for.
    public var isEnabled: Bool { !(backend is NoOpTracer) }

    public func began(_ span: TraceSpan) {
        guard !spans.withLock({ $0.hasEnded(span.id) }) else { return }
        let begun = begin(span)
        let isLate = spans.withLock { spans in
            guard !spans.hasEnded(span.id) else { return true }
            spans.open[span.id] = begun
            return false
        }
        if isLate { begun.end() }
    }

    /// A span that is never ended is never exported.
    public func withdrew(_ id: SpanID) { spans.withLock { $0.open[id] = nil } }

    public func record(_ span: TraceSpan) {
        // Brief steps, such as a look-up in a cache, are told when they are over.
        let begun = spans.withLock { $0.open.removeValue(forKey: span.id) } ?? begin(span)
        spans.withLock { $0.noteEnd(of: span.id, begun.context) }
        begun.updateAttributes { attributes in
            for attribute in span.attributes {
                attributes[attribute.key.description] = Tracing.SpanAttribute(attribute.value)
            }
        }
        if let code = span.errorCode { begun.setStatus(SpanStatus(code: .error, message: "\(code)")) }
        begun.end(at: span.endInstant)
    }

    private func begin(_ span: TraceSpan) -> any Tracing.Span {
        backend.startSpan(
            span.name,
            context: context(above: span),
            ofKind: span.kind == .client ? .client : .internal,
            at: span.startInstant
        )
    }

    /// What a span hangs below: another of the pipeline's, or the app's own.
    private func context(above span: TraceSpan) -> ServiceContext {
        guard let parent = span.parentID else { return .current ?? .topLevel }
        if let known = spans.withLock({ $0.context(of: parent) }) { return known }
        if let current = ServiceContext.current { return current }
        var context = ServiceContext.topLevel
        let flags = span.isSampled ? "01" : "00"
        backend.extract(["traceparent": "00-\(span.traceID)-\(parent)-\(flags)"], into: &context, using: HeaderFields())
        return context
    }
}

/// The spans that others may hang below.
private struct Spans {
    /// As many as may be asked for after their end, by checks and shadows that outlive their request.
    private static let mostEnded = 1_024

    var open: [SpanID: any Tracing.Span] = [:]
    private var ended: [SpanID: ServiceContext] = [:]
    private var order: [SpanID] = []
    private var oldest = 0

    func hasEnded(_ id: SpanID) -> Bool { ended[id] != nil }

    func context(of id: SpanID) -> ServiceContext? { open[id]?.context ?? ended[id] }

    mutating func noteEnd(of id: SpanID, _ context: ServiceContext) {
        guard ended.updateValue(context, forKey: id) == nil else { return }
        if order.count < Self.mostEnded { return order.append(id) }
        ended[order[oldest]] = nil
        order[oldest] = id
        oldest = (oldest + 1) % Self.mostEnded
    }
}

extension TraceSpan {
    fileprivate var startInstant: DefaultTracerClock.Timestamp {
        let nanoseconds = start.timeIntervalSince1970 * 1e9
        return DefaultTracerClock.Timestamp(
            // Before 1970, or far from now: a clock that was never set.
            nanosecondsSinceEpoch: nanoseconds > 0 ? UInt64(min(nanoseconds, 0x1p63)) : 0
        )
    }

    fileprivate var endInstant: DefaultTracerClock.Timestamp {
        let (seconds, attoseconds) = max(duration, .zero).components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let length = overflow ? UInt64(Int64.max) : UInt64(whole) + UInt64(attoseconds / 1_000_000_000)
        return DefaultTracerClock.Timestamp(
            nanosecondsSinceEpoch: startInstant.nanosecondsSinceEpoch + min(length, 1 << 62)
        )
    }
}

extension Tracing.SpanAttribute {
    fileprivate init(_ value: LLMKit.SpanAttribute.Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int64(Int64(number))
        case .double(let number): self = .double(number)
        case .bool(let flag): self = .bool(flag)
        case .strings(let texts): self = .stringArray(texts)
        }
    }
}
