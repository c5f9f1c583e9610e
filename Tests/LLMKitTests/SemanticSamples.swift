import LLMKitTesting
import Testing

#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import LLMKit
#endif

// The samples of the semantic cache's documentation, kept compiling and true.

@Suite struct SemanticSamples {
    struct LengthEmbedder: Embedder {
        let info = EmbedderInfo(identity: "length-v1", dimensions: 2, maxTokens: 1_000_000)
        func embed(_ texts: [String]) -> Embeddings {
            Embeddings(
                texts.map { text in
                    let angle = Float(text.utf8.count % 100) / 100
                    return [1 - angle, (1 - (1 - angle) * (1 - angle)).squareRoot()]
                }
            )
        }
    }

    struct Strict: HitPolicy {
        let neighbours = 1
        let floor = 0.97
        func decide(_ found: Neighbourhood) -> HitDecision {
            guard let best = found.neighbours.first, best.conflicts.isEmpty else { return .ask() }
            return .serve(0, score: best.similarity, threshold: 0.97)
        }
    }

    struct SameLength: AnswerJudge {
        func agree(
            _ fresh: ChatResponse,
            _ remembered: ChatResponse,
            on request: ChatRequest,
            in scope: RequestScope
        ) -> Bool? {
            fresh.text.count == remembered.text.count
        }
    }

    @Test func `the smallest conformances work together`() async throws {
        try await EmbedderConformance().check { LengthEmbedder() }
        var options = SemanticCacheOptions()
        options.judge = SameLength()
        let cache = try SemanticCache(LengthEmbedder(), policy: Strict(), options: options)
        let pipeline = try Pipeline(router: .to("small"), caches: [cache]) {
            ChatModel("small", MockProvider("At ten."))
        }
        _ = try await pipeline.respond(to: "When does the pool open?")
        let answer = try await pipeline.respond(to: "when does the pool open!")
        #expect(answer.servedBy == .semantic)
        let match = try #require(answer.match)
        #expect(cache.question(entry: match.entry) == "When does the pool open?")
        try await cache.report(match, wasRight: false)
        #expect(cache.statistics.entries == 0)
    }

    @Test func `a gateway whose weights are missing starts without them`() async throws {
        let cache = OptionalCache {
            try .semantic(.miniLM(folder: "no/such/folder"), policy: .adaptive(errorBound: 0.02))
        }
        #expect(cache.error?.message.contains("no/such/folder") == true)
        let pipeline = try Pipeline(router: .to("small"), caches: [.memory(), cache]) {
            ChatModel("small", MockProvider("At ten."))
        }
        #expect(try await pipeline.respond(to: "When does the pool open?").text == "At ten.")
    }

    @Test func `a calibration comes from labelled questions, or from the ledger`() async throws {
        let encoder = HashedNGramEmbedder()
        let questions = (0..<400).map { ("How do I reach desk \($0 % 4) of floor \($0 / 4)?", UInt64($0 % 4)) }
        let vectors = try await (encoder as any Embedder).embed(questions.map(\.0)).vectors
        let labelled = try LabelledQuestions(questions.map(\.0), vectors: vectors, answers: questions.map(\.1))
        let samples = labelled.samples(thinnings: [1])
        #expect(samples.count == 400)
        let ledger = try Ledger.inMemory()
        let trials = try await ledger.trials()
        let fromLedger = trials.map { CalibrationSample($0.trial, neighbours: Calibration.mostNeighbours) }
        #expect(throws: LLMError.self) { try Calibration.fit(fromLedger, goal: .init(wrongShare: 0.02)) }
        let report = try await ledger.cacheReport()
        #expect(report.counters.lookups == 0)
    }
}
