import LLMKit
import Tracing

extension ChatRequest {
    /// Makes the request a part of the trace that is current.
    ///
    /// ``DistributedTracer`` does not need it where the pipeline is asked in the task that has the span. It is for
    /// whatever else reads ``trace``: a ``JSONLinesTracer``, and a ``DistributedTracer`` that is asked from a
    /// task which does not inherit the context.
    /// - Parameters:
    ///   - context: the one whose span the request's own hang below.
    ///   - instrument: writes it as W3C's `traceparent`; one that does not leaves the request as it is.
    public mutating func continueTrace(
        of context: ServiceContext? = .current,
        using instrument: any Instrument = InstrumentationSystem.instrument
    ) {
        guard let context else { return }
        var fields: [String: String] = [:]
        instrument.inject(context, into: &fields, using: HeaderFields())
        guard let trace = fields["traceparent"].flatMap(TraceContext.init(traceparent:)) else { return }
        self.trace = trace
    }
}

/// Header fields as a dictionary, by lower-case names.
struct HeaderFields: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
        carrier[key.lowercased()] = value
    }

    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key.lowercased()] }
}
