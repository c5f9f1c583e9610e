/// An LLM gateway as a value: models, a router, and the roles around them.
///
/// ```swift
/// let pipeline = try Pipeline(
///     router: .cascade("small", "large", threshold: 0.8),
///     caches: [.memory()],
///     meter: try Ledger(path: "calls.sqlite")
/// ) {
///     ChatModel("small", .openAI("gpt-4o-mini"))
///     ChatModel("large", .anthropic("claude-sonnet-4-5"))
/// }
/// print(try await pipeline.respond(to: "What is the capital of France?").text)
/// ```
///
/// Every request goes the same way: *admit* (the meter sets money aside), *recall* (caches), *route*, *call* (tiers in
/// order: failure moves inside a tier, doubt to the next), *settle* (exactly once per call, whatever happened).
///
/// Copy the value and change a part to get another gateway: that is how tests put mocks in. Copies share what is in
/// flight: ``shutdown(upTo:)`` of one ends all. A pipeline is itself a ``ModelProvider``, so pipelines nest.
public struct Pipeline: Sendable {
    public var models: [ChatModel] {
        didSet {
            table = ModelTable(models, prices: prices)
            noteParts()
        }
    }
    /// What models cost that have no price of their own.
    public var prices: PriceTable { didSet { table = ModelTable(models, prices: prices) } }
    public var router: any Router { didSet { noteParts() } }
    /// Judges the answers of tiers that have a threshold.
    public var confidence: any ConfidenceSignal { didSet { noteParts() } }
    /// Asked in order. A hit is copied to the caches before it.
    public var caches: [any Cache] { didSet { cacheTroubles = CacheTroubles() } }
    public var meter: any CostMeter { didSet { noteParts() } }
    public var tracer: any Tracer
    /// Whether spans tell users and tags, and how; by default they do not.
    public var callerInSpans = CallerInSpans.omitted
    /// The model that the app would use if it had no gateway: savings are counted from its price. Without one, every
    /// answer is compared with the model that gave it.
    public var baseline: ModelName?
    /// The most upstream attempts that one request may cause for its answer, retries and fallbacks together.
    public var maxAttempts: Int
    /// The most upstream attempts of each other role (``Purpose/Role-swift.enum``) that one request may cause: for the choice of its
    /// route, for judging it, for shadows, checks and vectors. They cannot use up those of the answer.
    public var maxSideAttempts: Int
    /// Whether a request that equals one in flight waits for that one's answer. Off by default: sampled answers would all
    /// be the same one. Only requests for whole answers are waited for; who streams may wait, but nobody waits for it.
    public var coalescesIdenticalRequests: Bool
    public var time: any TimeSource
    /// Told of what fails no request and will not mend itself, such as a wrong key of a cheap tier, for which the next
    /// tier stands in, a signal that fails and so escalates every answer, a cache that fails (once for each cause, and again
    /// after it has worked), or a model without the log-probabilities that the signal needs (once for each model). Called on the request's path: be quick.
    public var onProblem: (@Sendable (Problem) -> Void)?
    /// Where the same is told in words, and calls without a known cost.
    public var diagnostics: Diagnostics { didSet { unpriced = UnpricedModels(diagnostics) } }

    private(set) var table: ModelTable
    /// What keeps the answers of pipelines with other models or routes apart in shared caches.
    private(set) var cacheScope: String
    /// The meters that its calls are recorded with, nested pipelines' own included.
    private var meters: Set<ObjectIdentifier>
    private(set) var unpriced: UnpricedModels
    private(set) var cacheTroubles = CacheTroubles()
    /// Models of which it was told that they report no log-probabilities.
    private(set) var silentModels = ToldModels()
    /// Whether all that is done for a whole answer can be stopped without cancelling the task that waits for it.
    private var canAskInPlace = false
    let inFlight = RequestsInFlight()

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
        maxSideAttempts: Int = 128,
        coalescesIdenticalRequests: Bool = false,
        diagnostics: Diagnostics = .standardError,
        time: any TimeSource = SystemTime(),
        @ModelListBuilder models: () -> [ChatModel]
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
        self.maxSideAttempts = maxSideAttempts
        self.coalescesIdenticalRequests = coalescesIdenticalRequests
        self.diagnostics = diagnostics
        self.time = time
        unpriced = UnpricedModels(diagnostics)
        table = ModelTable(self.models, prices: prices)
        cacheScope = ""
        meters = []
        noteParts()
        try validate()
    }

    /// Notes anew what is told from the parts.
    private mutating func noteParts() {
        cacheScope = Self.cacheScope(of: models, router, confidence)
        canAskInPlace = isStoppable
        silentModels = ToldModels()
        meters = Self.meters(of: meter, models)
    }

    /// Everything about models, routes and the judge that may change an answer, in one text.
    private static func cacheScope(
        of models: [ChatModel],
        _ router: any Router,
        _ confidence: any ConfidenceSignal
    ) -> String {
        let answering = models.map { model in
            let info = model.provider.info
            let address = "\(info.serverAddress ?? ""):\(info.serverPort ?? 0)"
            return "\(model.name)=\(info.vendor)/\(info.modelID ?? "")@\(address)#\(model.provider.answerScope)"
        }
        let known = router.knownRoutes.flatMap(\.tiers)
        let tiers = known.map { "\($0.models)\($0.threshold.map { "<\($0)" } ?? "")" }
        // What one signal let pass another might not have; where nothing is judged, it makes no difference.
        let judge = known.isEmpty || known.contains { $0.threshold != nil } ? ["\(type(of: confidence))"] : []
        // A text that holds the separator must not look like two.
        return (answering + ["\(type(of: router))"] + judge + tiers).map { "\($0.utf8.count):\($0)" }.joined(
            separator: "|"
        )
    }

    /// Answers a request.
    ///
    /// - Throws: ``LLMError``: see its codes. Its attempts are settled before it is thrown.
    public func respond(to request: ChatRequest) async throws(LLMError) -> ChatResponse {
        try await run(request, isStreamed: false).whole()
    }

    /// Streams the answer. Tiers before the last are buffered, because an answer must be judged before it is shown; the
    /// last one streams live.
    ///
    /// Returns when the first event is there: until then a failing model is replaced by the next, afterwards nothing is
    /// retried, because the reader has seen a part.
    public func stream(_ request: ChatRequest) async throws(LLMError) -> ResponseStream {
        try await run(request, isStreamed: true).stream
    }

    /// Whole and live answers go the same way.
    ///
    /// What a cache answers is answered at once. Models are asked in a task of their own, so that a shutdown can cancel it
    /// and the memory of the deepest call, some 40 kB, is given back when a live answer begins, not when the reader is done
    /// with it. Whole answers of models whose calls can be stopped without it need no such task, and are the quicker for
    /// it: a change of tasks costs some ten microseconds.
    private func run(_ request: ChatRequest, isStreamed: Bool) async throws(LLMError) -> Reply {
        let execution = try RequestExecution(self, request, isStreamed: isStreamed)
        if let remembered = try await execution.answerWithoutModel() { return remembered }
        if !isStreamed, canAskInPlace { return try await execution.askModelsInPlace() }
        let task = execution.startAsking()
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }.get()
    }

    private var isStoppable: Bool {
        table.isStoppable && isPrompt(router) && isPrompt(confidence) && isPrompt(meter)
    }

    func report(_ part: Problem.Part, _ error: LLMError, _ requestID: RequestID) {
        // A log has the error alone, and looks for the request with it.
        var error = error
        error.requestID = error.requestID ?? requestID
        let problem = Problem(part: part, error: error, requestID: requestID)
        diagnostics.report(.warning, "pipeline", "requests go on without \(part), which fails", cause: error)
        onProblem?(problem)
    }

    /// Shadows that were not sent, because too many were in flight.
    public var droppedShadows: Int { inFlight.droppedShadows }

    /// Checks what can only be known where the app runs: keys, above all.
    ///
    /// Call it when the app starts, so that a missing key is not first noticed by a user. Reaches no vendor.
    /// - Throws: ``LLMError`` that names the model and what is wrong.
    public func preflight() async throws(LLMError) {
        for model in models {
            do throws(LLMError) { try await model.provider.preflight() } catch {
                var error = error
                error.message = "'\(model.name)': \(error.message)"
                throw error
            }
        }
    }

    /// Refuses new requests (``LLMError`` with code `shuttingDown`) and waits for those under way, and for all that runs
    /// beside them.
    ///
    /// For a server that is to stop: drain, then ``shutdown(upTo:)``.
    /// - Parameter limit: how long to wait.
    /// - Returns: whether everything has ended by then.
    @discardableResult
    public func drain(upTo limit: Duration) async -> Bool {
        inFlight.refuse()
        return await becomesIdle(within: limit)
    }

    /// Ends what is still under way, and returns when meter and tracer have everything safe.
    ///
    /// Later requests are refused. What is under way is cancelled, is an error with code `shuttingDown` for its caller, is
    /// charged as far as it got, and is cached nowhere. Every task that the pipeline has started is awaited, so that
    /// nothing is recorded afterwards; a provider that ignores its cancellation is left behind, and what it still gives
    /// is dropped.
    /// - Parameter limit: how long to wait for tasks that were cancelled.
    public func shutdown(upTo limit: Duration = .seconds(10)) async {
        inFlight.close()
        await becomesIdle(within: limit)
        await meter.flush()
        await tracer.flush()
    }

    @discardableResult
    private func becomesIdle(within limit: Duration) async -> Bool {
        // By the machine's clock: an operator waits for it, whatever clock the requests go by.
        let time = SystemTime()
        do {
            try await withTimeLimit(.clock(.total, limit, from: time.now), time) { [inFlight] in await inFlight.idle() }
            return true
        } catch {
            return false
        }
    }
}

extension Pipeline: ModelProvider {
    public var info: ProviderInfo {
        var info = ProviderInfo(
            vendor: "llmkit",
            dialect: "llmkit",
            capabilities: models.reduce(.all) { $0.intersection($1.provider.info.capabilities) },
            // Its models are held to the deadline and the clocks one by one.
            keepsTime: true,
            makesAttempts: true
        )
        info.isPipeline = true
        info.meters = meters
        info.settings = [ProviderInfo.Setting("pipeline", cacheScope)]
        return info
    }

    private static func meters(of meter: any CostMeter, _ models: [ChatModel]) -> Set<ObjectIdentifier> {
        models.reduce(meter.identities) { $0.union($1.provider.info.meters) }
    }
}

extension CostMeter {
    /// What tells one meter from another; empty for meters that are values, which cannot be shared.
    var identities: Set<ObjectIdentifier> {
        if let several = self as? MultiMeter { return several.meters.reduce(into: []) { $0.formUnion($1.identities) } }
        return type(of: self) is AnyClass ? [ObjectIdentifier(self as AnyObject)] : []
    }
}
