import LLMKit
import LLMKitLogging
import LLMKitMetrics
import LLMKitTracing
import Logging

/// What the server asks: a pipeline, and the ledger that its costs are in.
public struct Gateway: Sendable {
    public var pipeline: Pipeline
    public let ledger: Ledger

    /// - Parameters:
    ///   - small: answers what it is sure of; called `small`.
    ///   - large: answers paying users where the small one is not sure, and everyone where it fails; called `large`.
    ///   - path: the ledger's file.
    /// - Throws: ``LLMError`` that names the setting which cannot take effect.
    public init(small: ChatModel, large: ChatModel, ledger path: String, logger: Logger) throws(LLMError) {
        let diagnostics = Diagnostics.logging(to: logger)
        let metrics = PipelineMetrics()
        ledger = try Ledger(path: path, diagnostics: diagnostics)
        pipeline = try Pipeline(
            router: PlanRouter(),
            caches: [.memory()],
            meter: .all(ledger, metrics, CallLog(logger)),
            tracer: .all(DistributedTracer(), metrics),
            baseline: "large",
            diagnostics: diagnostics
        ) {
            small
            large
        }
    }
}

/// Sends the answers of paying users that the small model is not sure of to the large one.
struct PlanRouter: LLMKit.Router {
    static let free = Route.to("small", orOnFailure: "large").labelled("free")
    static let pro = Route.cascade("small", "large", threshold: 0.8).labelled("pro")

    var knownRoutes: [Route] { [Self.free, Self.pro] }

    func route(_ request: ChatRequest, in context: RoutingContext) -> Route {
        partition(for: request) == "pro" ? Self.pro : Self.free
    }

    /// Caches hold the answers of the plans apart: a free user does not get what a paying one's route gave.
    func partition(for request: ChatRequest) -> String { request.caller.tags["plan"] ?? "free" }
}
