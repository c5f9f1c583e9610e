import Foundation
import LLMKitTesting
import Synchronization

@testable import LLMKit

/// An embedder whose angles a test sets: texts with an angle lie in one plane, all others far from it and each other.
final class PlaneEmbedder: Embedder {
    let info: EmbedderInfo
    private let angles: [String: Double]
    private let state = Mutex(0)

    /// - Parameters:
    ///   - angles: in radians: the cosine between two texts is that of the difference.
    ///   - info: what to claim.
    init(_ angles: [String: Double], info: EmbedderInfo = PlaneEmbedder.info) {
        self.angles = angles
        self.info = info
    }

    static let info = EmbedderInfo(identity: "plane", dimensions: 64, maxTokens: 1000)

    /// How many texts were embedded.
    var count: Int { state.withLock { $0 } }

    func embed(_ texts: [String]) -> Embeddings {
        state.withLock { $0 += texts.count }
        return Embeddings(texts.map(vector), usage: Usage(input: info.vendor == nil ? 0 : 8 * texts.count))
    }

    private func vector(_ text: String) -> [Float] {
        var vector = [Float](repeating: 0, count: info.dimensions)
        if let angle = angles[text] {
            (vector[0], vector[1]) = (Float(cos(angle)), Float(sin(angle)))
        } else {
            var hash = SHA256()
            hash.update(Array(text.utf8))
            vector[2 + Int(hash.finalizeWords().0 % UInt64(info.dimensions - 2))] = 1
        }
        return vector
    }
}

/// Serves from a cosine on, and can be told to check instead, or to ask.
final class ScriptedPolicy: HitPolicy {
    let neighbours = 5
    let floor: Double
    private let state: Mutex<(action: HitDecision.Action, learned: [HitTrial])>

    init(_ threshold: Double = 0.9, _ action: HitDecision.Action = .serve) {
        floor = threshold
        state = Mutex((action, []))
    }

    var learned: [HitTrial] { state.withLock { $0.learned } }

    func decide(_ found: Neighbourhood) -> HitDecision {
        guard let best = found.neighbours.first else { return .ask() }
        let action = state.withLock { $0.action }
        return HitDecision(action, neighbour: 0, score: best.similarity, threshold: floor)
    }

    func learn(_ trial: HitTrial) { state.withLock { $0.learned.append(trial) } }
}

/// A semantic cache in a pipeline over one mock, with everything in memory.
struct SemanticFixture {
    let meter = InMemoryCostMeter()
    let tracer = InMemoryTracer()
    let time = ManualTime()
    let embedder: PlaneEmbedder
    let policy: ScriptedPolicy
    let cache: SemanticCache
    var provider = MockProvider("a hundred degrees")

    static let questions = [
        "At what temperature does water boil?": 0.0, "At which temperature will water boil?": 0.1,
        "How hot must water be to boil?": 0.2,
        "What is the freezing point of water?": 0.6,
    ]

    init(
        _ angles: [String: Double] = Self.questions,
        policy: ScriptedPolicy = ScriptedPolicy(),
        path: String? = nil,
        info: EmbedderInfo = PlaneEmbedder.info,
        _ change: (inout SemanticCacheOptions) -> Void = { _ in }
    ) throws {
        var options = SemanticCacheOptions()
        // What words do, and which answers say the same, is tested apart from what the cache does with them.
        options.guards = []
        options.answers = .text
        options.judge = .sameText
        change(&options)
        embedder = PlaneEmbedder(angles, info: info)
        self.policy = policy
        cache = try SemanticCache(embedder, policy: policy, path: path, options: options, time: time)
    }

    func pipeline() throws -> Pipeline {
        try Pipeline(router: .to("small"), caches: [cache], meter: meter, tracer: tracer, time: time) {
            ChatModel("small", provider, price: Price(rates: .init(input: 10, output: 100)))
            ChatModel("judge", MockProvider("YES"), price: Price(rates: .init(input: 1, output: 1)))
        }
    }

    func store(_ answer: String, _ request: ChatRequest, cost: Money? = nil) async throws {
        var response = ChatResponse(answer, usage: Usage(input: 10, output: 5))
        response.cost = cost
        try await cache.store(response, for: CacheContext(request))
    }

    func answer(_ request: ChatRequest) async throws -> String? {
        try await cache.lookup(CacheContext(request))?.response.text
    }
}
