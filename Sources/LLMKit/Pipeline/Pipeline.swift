/// An LLM gateway as a value: models, a router, and the roles around them.
///
/// ```swift
/// let pipeline = try Pipeline(
///     router: .cascade("small", "large", threshold: 0.8),
///     caches: [.memory()],
///     meter: try Ledger(path: "calls.sqlite")
/// ) {
///     Model("small", .openAI("gpt-4o-mini"))
///     Model("large", .anthropic("claude-sonnet-4-5"))
/// }
/// print(try await pipeline.respond(to: "What is the capital of France?").text)
/// ```
///
/// Every request goes the same way: *admit* (the meter sets money aside), *recall* (caches), *route*, *call* (tiers in
/// order: failure moves inside a tier, doubt to the next), *settle* (exactly once per call, whatever happened).
///
/// Copy the value and change a part to get another gateway: that is how tests put mocks in. Copies share what is in
/// flight: ``shutdown()`` of one ends all. A pipeline is itself a ``ModelProvider``, so pipelines nest.
public struct Pipeline: Sendable {
    public var models: [Model] {
        didSet {
            table = ModelTable(models, prices: prices)
            scope = Self.scope(of: models, router)
        }
    }
    /// What models cost that have no price of their own.
    public var prices: PriceTable { didSet { table = ModelTable(models, prices: prices) } }
    public var router: any Router { didSet { scope = Self.scope(of: models, router) } }
    /// Judges the answers of tiers that have a threshold.
    public var confidence: any ConfidenceSignal
    /// Asked in order. A hit is copied to the caches before it.
    public var caches: [any Cache]
    public var meter: any CostMeter
    public var tracer: any Tracer
    /// The model that the app would use if it had no gateway: savings are counted from its price. Without one, every
    /// answer is compared with the model that gave it.
    public var baseline: ModelName?
    /// The most upstream attempts that one request may cause, retries and fallbacks together.
    public var maxAttempts: Int
    /// Whether a request that equals one in flight waits for that one's answer. Off by default: sampled answers would all
    /// be the same one. Only requests for whole answers are waited for; who streams may wait, but nobody waits for it.
    public var coalescesIdenticalRequests: Bool
    public var time: any TimeSource

    private(set) var table: ModelTable
    /// What keeps the answers of pipelines with other models or routes apart in shared caches.
    private(set) var scope: String
    let lifetime = PipelineLifetime()

    /// Assembles a pipeline and checks it.
    ///
    /// - Throws: ``LLMError`` with code `invalid_configuration` that names the setting which cannot take effect: see
    ///   ``validate()``.
    public init(
        router: some Router,
        confidence: some ConfidenceSignal = .logProbabilities,
        caches: [any Cache] = [],
        meter: some CostMeter = .none,
        tracer: some Tracer = .none,
        prices: PriceTable = .builtIn,
        baseline: ModelName? = nil,
        maxAttempts: Int = 6,
        coalescesIdenticalRequests: Bool = false,
        time: any TimeSource = SystemTime(),
        @ModelListBuilder models: () -> [Model]
    ) throws(LLMError) {
        self.models = models()
        self.prices = prices
        self.router = router
        self.confidence = confidence
        self.caches = caches
        self.meter = meter
        self.tracer = tracer
        self.baseline = baseline
        self.maxAttempts = maxAttempts
        self.coalescesIdenticalRequests = coalescesIdenticalRequests
        self.time = time
        table = ModelTable(self.models, prices: prices)
        scope = Self.scope(of: self.models, router)
        try validate()
    }

    private static func scope(of models: [Model], _ router: any Router) -> String {
        let answering = models.map { model in
            let info = model.provider.info
            return "\(model.name)=\(info.vendor)/\(info.modelID ?? "")@\(info.serverAddress ?? "")"
        }
        let tiers = router.knownRoutes.flatMap(\.tiers).map { "\($0.models)\($0.threshold.map { "<\($0)" } ?? "")" }
        return (answering + ["\(type(of: router))"] + tiers).joined(separator: "|")
    }

    /// Answers a request.
    ///
    /// - Throws: ``LLMError``: see its codes. The call is settled before it is thrown.
    public func respond(to request: ChatRequest) async throws(LLMError) -> ChatResponse {
        let trip = try Trip(self, request, isStreamed: false)
        return try await trip.respond()
    }

    /// Streams the answer. Tiers before the last are buffered, because an answer must be judged before it is shown; the
    /// last one streams live.
    ///
    /// Returns when the first event is there: until then a failing model is replaced by the next, afterwards nothing is
    /// retried, because the reader has seen a part.
    public func stream(_ request: ChatRequest) async throws(LLMError) -> ResponseStream {
        let trip = try Trip(self, request, isStreamed: true)
        // A task keeps the memory of its deepest call until it ends, some 40 kB here. Opening in a task of its own gives
        // it back when the answer begins, not when the reader is done with it.
        let opening = Task { () -> Result<ResponseStream, LLMError> in
            do throws(LLMError) { return .success(try await trip.stream()) } catch { return .failure(error) }
        }
        return try await withTaskCancellationHandler {
            await opening.value
        } onCancel: {
            opening.cancel()
        }.get()
    }

    /// Shadows that were not sent, because too many were in flight.
    public var droppedShadows: Int { lifetime.droppedShadows }

    /// Settles what is still open, and returns when meter and tracer have everything safe.
    ///
    /// Open calls are charged as far as they got, marked as estimated. Later requests are refused.
    public func shutdown() async {
        lifetime.close()
        await meter.flush()
        await tracer.flush()
    }
}

extension Pipeline: ModelProvider {
    public var info: ProviderInfo {
        var info = ProviderInfo(
            vendor: "llmkit",
            dialect: "llmkit",
            capabilities: models.reduce(.all) { $0.intersection($1.provider.info.capabilities) },
            countsAttempts: true
        )
        info.meter = meterIdentity
        return info
    }

    /// What tells one meter from another; `nil` for meters that are values, which cannot be shared.
    var meterIdentity: ObjectIdentifier? {
        type(of: meter) is AnyClass ? ObjectIdentifier(meter as AnyObject) : nil
    }
}
