import LLMKit
import Metrics

/// Counts what a pipeline does, with swift-metrics.
///
/// It is a meter and a tracer: attempts come with their cost to the one, requests with their outcome to the other.
///
/// ```swift
/// let metrics = PipelineMetrics()
/// let pipeline = try Pipeline(router: …, meter: .all(ledger, metrics), tracer: .all(spans, metrics)) { … }
/// ```
///
/// | metric | | labels |
/// |---|---|---|
/// | `llmkit.request.duration` | timer; its count is the requests | route, cache, error |
/// | `gen_ai.client.operation.duration` | timer; its count is the attempts | model, purpose, error |
/// | `gen_ai.client.operation.time_to_first_chunk` | timer; streamed answers | model, purpose |
/// | `gen_ai.client.token.usage` | recorder | model, purpose, `gen_ai.token.type` |
/// | `llmkit.cost` | counter, US dollars | model, purpose |
/// | `llmkit.cache.hits` | counter | cache, model |
/// | `llmkit.errors` | counter, of attempts | model, purpose, error |
///
/// The names beginning in `gen_ai` are OpenTelemetry's (semantic conventions 1.41.1, in development). Labels have few
/// values each: no user, tenant or request is among them. In nested pipelines give it to one of them: each tells of every
/// attempt.
public struct PipelineMetrics: CostMeter, Tracer {
    private typealias Labels = [(String, String)]

    private let factory: any MetricsFactory

    /// - Parameter factory: where the metrics go; the one that the app has bootstrapped, if it is not given.
    public init(factory: any MetricsFactory = MetricsSystem.factory) { self.factory = factory }

    // MARK: Attempts

    public func record(_ charge: Charge) {
        if let cache = charge.cache {
            let labels = [("llmkit.cache.tier", "\(cache)"), ("llmkit.model", "\(charge.model)")]
            return Counter(label: "llmkit.cache.hits", dimensions: labels, factory: factory).increment()
        }
        let labels = labels(of: charge)
        let outcome = labels + error(charge.errorCode)
        time("gen_ai.client.operation.duration", outcome, charge.timing.total)
        if let first = charge.timing.firstToken {
            time("gen_ai.client.operation.time_to_first_chunk", labels, first)
        }
        if charge.usage.total > 0 {
            count(charge.usage.totalInput, "input", labels)
            count(charge.usage.output, "output", labels)
        }
        if let cost = charge.cost, cost > .zero {
            FloatingPointCounter(label: "llmkit.cost", dimensions: labels, factory: factory).increment(by: cost.dollars)
        }
        if charge.errorCode != nil {
            Counter(label: "llmkit.errors", dimensions: outcome, factory: factory).increment()
        }
    }

    private func labels(of charge: Charge) -> Labels {
        [
            ("gen_ai.operation.name", charge.kind == .embedding ? "embeddings" : "chat"),
            ("gen_ai.provider.name", charge.vendor),
            ("gen_ai.request.model", charge.modelAsked ?? "\(charge.model)"),
            ("llmkit.model", "\(charge.model)"),
            ("llmkit.attempt.purpose", charge.purpose.map { "\($0)" } ?? "\(charge.kind)"),
        ]
    }

    /// An empty label where nothing failed: all series of one metric have the same labels, as Prometheus asks.
    private func error(_ code: LLMError.Code?) -> Labels { [("error.type", code.map { "\($0)" } ?? "")] }

    private func count(_ tokens: Int, _ type: String, _ labels: Labels) {
        Recorder(
            label: "gen_ai.client.token.usage",
            dimensions: labels + [("gen_ai.token.type", type)],
            factory: factory
        ).record(tokens)
    }

    private func time(_ label: String, _ labels: Labels, _ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let timer = Timer(label: label, dimensions: labels, factory: factory)
        timer.recordSeconds(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    // MARK: Requests

    public func record(_ span: TraceSpan) {
        guard span.name == "llmkit.complete" else { return }
        func text(_ key: String) -> String {
            if case .string(let text) = span[SpanAttribute.Key(key)] { text } else { "" }
        }
        let labels = ["llmkit.route.label", "llmkit.cache.tier"].map { ($0, text($0)) }
        time("llmkit.request.duration", labels + error(span.errorCode), span.duration)
    }

    public func flush() async {}
}
