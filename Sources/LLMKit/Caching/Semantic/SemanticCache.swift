import PortableFoundation
import Synchronization

/// Answers a question that was asked before in other words.
///
/// ```swift
/// let pipeline = try Pipeline(
///     router: .to("small"),
///     caches: [
///         .memory(),
///         .semantic(try .miniLM(folder: "models/all-minilm-l6-v2"), policy: .adaptive(errorBound: 0.02)),
///     ]
/// ) {
///     ChatModel("small", .openAI("gpt-4o-mini"))
/// }
/// ```
///
/// Questions are compared by the cosine of their vectors, but only inside a hard partition of everything else that can
/// change an answer: tenant, models, system prompt, earlier turns, response format, sampling. Words are guarded beside
/// (``MatchGuards``), and a ``HitPolicy`` decides: a fixed cosine, a calibrated one, or one that learns on the app's own
/// traffic and keeps to an error bound. Every hit says why it was one (``ChatResponse/match``).
///
/// Requests with tools, pictures or a high temperature are left alone; `request.cachePolicy = [.all, .exactOnly]` leaves
/// a single one alone. Answers that were cut or refused are never kept.
///
/// Entries live in memory, and, given a `path`, in a SQLite file as well, which outlives the process and may be shared
/// with others on the machine.
public final class SemanticCache: Cache {
    let embedder: any Embedder
    let policy: any HitPolicy
    let options: SemanticCacheOptions
    let memory: SemanticMemory
    let file: SemanticFile?
    let flights = SemanticFlights()
    let embedderHealth = EmbedderHealth()
    let embedderSight: EmbedderSight
    let time: any TimeSource
    private let lastID = Atomic<Int64>(0)
    /// Whether the operator is still to be told that nobody knows whose vectors the calibration was fitted with.
    private let mustTellOfVectors: Atomic<Bool>

    /// How long to wait for vectors: local ones take milliseconds, a vendor's some tenths of a second.
    private static let embedderPatience = Duration.seconds(5)

    /// - Parameters:
    ///   - embedder: turns questions into vectors.
    ///   - policy: decides what is close enough.
    ///   - path: a file that keeps the entries; `nil` keeps them in memory only. Opening it reads all of it, on the
    ///     calling thread: do it when the app starts.
    ///   - options: what may be done, and how much kept.
    ///   - time: the clock of the entries' time to live.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be used.
    public init(
        _ embedder: some Embedder,
        policy: some HitPolicy,
        path: String? = nil,
        options: SemanticCacheOptions = SemanticCacheOptions(),
        time: any TimeSource = SystemTime()
    ) throws(LLMError) {
        self.embedder = embedder
        self.policy = policy
        var options = options
        options.settle(for: policy, embedder)
        self.options = options
        embedderSight = EmbedderSight(embedder.info, options.precision)
        mustTellOfVectors = Atomic(policy.restsOnUnknownVectors)
        if let prior = EmbedderPrior.of(embedder.info) { (policy as? any PriorPolicy)?.begin(with: prior) }
        self.time = time
        memory = SemanticMemory(
            dimensions: embedder.info.dimensions,
            options,
            needsMetrics: policy.needsMutual
        )
        file =
            if let path {
                try SemanticFile(
                    path: path,
                    embedder: embedder.info,
                    time: time,
                    policy: policy,
                    review: options.review,
                    into: memory
                )
            } else { nil }
    }

    public func validate() throws(LLMError) {
        guard VectorIndex.dimensions.contains(embedder.info.dimensions) else {
            throw .configuration(
                "the embedder '\(embedder.info.identity)' makes vectors of \(embedder.info.dimensions) numbers; the semantic cache "
                    + "keeps those of \(VectorIndex.dimensions.lowerBound) to \(VectorIndex.dimensions.upperBound): ask for shorter ones"
            )
        }
        try options.validate()
        try policy.validate()
        try policy.checkCalibration(for: embedder.info.origin)
        try embedder.validate()
    }

    /// Tells what no caller is there to be told, once: of the file, and of a calibration that nobody can vouch for.
    func tellTroubles(in context: CacheContext) {
        guard file?.isTroubleUntold == true || mustTellOfVectors.load(ordering: .relaxed),
            let host = context.scope.host as? any CacheTrialHost
        else { return }
        file?.tellTrouble(host.report)
        guard mustTellOfVectors.load(ordering: .relaxed),
            mustTellOfVectors.exchange(false, ordering: .relaxed)
        else { return }
        host.advise(
            "the calibration does not say which embedder it was fitted with; if that was not \(embedder.info.origin), it proves "
                + "nothing: fit it anew with this version of LLMKit, and the cache will know"
        )
    }

    /// What was counted since the start; entries and bytes are those in memory.
    public var statistics: CacheStatistics { memory.statistics }

    /// The question of an entry, for looking into wrong hits: ``SemanticMatch/entry``; `nil` if it is gone.
    public func question(entry: Int64) -> String? { memory.entry(entry)?.content.question }

    /// Why what other processes have stored could not be read from the file the last time, or which of its entries are
    /// damaged and were left out; `nil` if all is well.
    public var lastError: LLMError? { file?.lastError }

    var now: Int64 { Milliseconds.since1970(time.date) }

    /// A number for an entry that only lives in memory.
    ///
    /// Beside a file they count down from -1: its own numbers are positive, and no two entries may ever share one.
    func nextID() -> Int64 {
        let count = lastID.add(1, ordering: .relaxed).newValue
        return file == nil ? count : -count
    }

    /// The vector of a question.
    func vector(of text: String, in context: CacheContext) async throws -> [Float] {
        try await vectors(of: [text], in: context).first ?? []
    }

    /// The vectors of texts, booked with the request where a vendor bills them.
    func vectors(of texts: [String], in context: CacheContext) async throws -> [[Float]] {
        // An embedder that hangs must not take the time that the model needs. Local ones that nobody hurries are not watched,
        // which would cost more than they do.
        let left = context.request.deadline.map { ($0 - time.now) / 4 }
        let isWatched = left != nil || embedder.info.vendor != nil
        let patience = min(left ?? Self.embedderPatience, Self.embedderPatience)
        let limit = isWatched ? TimeLimit.clock(.total, patience, from: time.now) : nil
        do {
            let vectors = try await withTimeLimit(limit, time) { try await self.embed(texts, in: context) }
            try check(vectors, of: texts.count)
            embedderHealth.succeeded()
            return vectors
        } catch {
            let isHurried = patience < Self.embedderPatience && (error as? LLMError)?.code == .timeout
            if !Task.isCancelled, !error.isCallersOwn {
                if isHurried { embedderHealth.wasTooSlow(at: time.now) } else { embedderHealth.failed(at: time.now) }
            }
            throw error
        }
    }

    private func embed(_ texts: [String], in context: CacheContext) async throws -> [[Float]] {
        try await context.scope.embed(texts, with: embedder).vectors
    }

    private func check(_ vectors: [[Float]], of count: Int) throws(LLMError) {
        let name = "the embedder '\(embedder.info.identity)'"
        guard vectors.count == count else {
            throw LLMError(
                .malformedResponse,
                "\(name) gave \(vectors.count) vectors for \(count) texts; expected one a text"
            )
        }
        for vector in vectors {
            do throws(LLMError) { try memory.check(vector) } catch {
                throw LLMError(.malformedResponse, "\(name) gave \(error.message)")
            }
        }
    }

    /// Tells the policy how a decision turned out, and has the file keep what it learned.
    func learn(_ trial: HitTrial) {
        policy.learn(trial)
        file?.keepLessons()
    }
}

extension Cache where Self == SemanticCache {
    /// Answers questions that were asked before in other words.
    /// - Parameters:
    ///   - embedder: turns questions into vectors.
    ///   - policy: decides what is close enough.
    ///   - path: a file that keeps the entries; `nil` keeps them in memory only.
    ///   - options: what may be done, and how much kept.
    /// - Returns: the cache.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be used.
    public static func semantic(
        _ embedder: some Embedder,
        policy: some HitPolicy,
        path: String? = nil,
        options: SemanticCacheOptions = SemanticCacheOptions()
    ) throws(LLMError) -> SemanticCache {
        try SemanticCache(embedder, policy: policy, path: path, options: options)
    }
}

extension Error {
    /// Whether it says something of the one who asked, and nothing of the embedder: the next one may be better off.
    fileprivate var isCallersOwn: Bool {
        let codes: [LLMError.Code] = [
            .overBudget, .attemptsExhausted, .cancelled, .shuttingDown, .contextLength, .contentFiltered,
        ]
        return (self as? LLMError).map { codes.contains($0.code) } ?? false
    }
}
