import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// What fails beside the model costs no request its answer, nor its time.
@Suite(.timeLimit(.minutes(5))) struct SemanticTroubleTests {
    private static let boil: ChatRequest = "At what temperature does water boil?"
    private static let rephrased: ChatRequest = "At which temperature will water boil?"

    /// Serves, but does not say whom.
    private struct Confused: HitPolicy {
        let neighbours = 1
        let floor = 0.0
        func decide(_ found: Neighbourhood) -> HitDecision {
            HitDecision(.serve, neighbour: nil, score: 1, threshold: 0)
        }
    }

    @Test func `a policy that serves nobody costs no answer, and is told of`() async throws {
        let cache = try SemanticCache(HashedNGramEmbedder(), policy: Confused())
        let problems = Log<Problem>()
        var pipeline = try Pipeline(router: .to("m"), caches: [cache], diagnostics: .none) {
            ChatModel("m", MockProvider("fine"))
        }
        pipeline.onProblem = { problems.append($0) }
        #expect(try await pipeline.respond(to: "hello").text == "fine")
        #expect(problems.entries.map(\.error.code) == [.invalidConfiguration])
    }

    /// Fails as often as it is told to.
    private final class FailingEmbedder: Embedder {
        let info = EmbedderInfo(identity: "failing", dimensions: 64, maxTokens: 100)
        private let state = Mutex((calls: 0, isBroken: true))
        var calls: Int { state.withLock { $0.calls } }
        let error: LLMError
        init(error: LLMError = LLMError(.server, "out of order")) { self.error = error }
        func mend() { state.withLock { $0.isBroken = false } }

        func embed(_ texts: [String]) throws -> Embeddings {
            let isBroken = state.withLock { state in
                state.calls += 1
                return state.isBroken
            }
            if isBroken { throw error }
            return PlaneEmbedder([:], info: info).embed(texts)
        }
    }

    @Test func `an embedder that is down is asked seldom, and again when its pause is over`() async throws {
        let (time, embedder) = (ManualTime(), FailingEmbedder())
        let cache = try SemanticCache(embedder, policy: ScriptedPolicy(), time: time)
        let pipeline = try Pipeline(router: .to("m"), caches: [cache], diagnostics: .none, time: time) {
            ChatModel("m", MockProvider("fine"))
        }
        for number in 0..<20 { _ = try await pipeline.respond(to: ChatRequest("question \(number)")) }
        #expect(embedder.calls == 3)
        time.advance(by: .seconds(1))
        for number in 0..<20 { _ = try await pipeline.respond(to: ChatRequest("question \(number)")) }
        #expect(embedder.calls == 4)
        embedder.mend()
        time.advance(by: .seconds(2))
        for _ in 0..<2 { _ = try await pipeline.respond(to: "question") }
        #expect(cache.statistics.hits == 1)
    }

    @Test func `callers who cannot pay for a vector keep nobody else from getting one`() async throws {
        let (time, embedder) = (ManualTime(), FailingEmbedder(error: LLMError(.overBudget, "spent")))
        let cache = try SemanticCache(embedder, policy: ScriptedPolicy(), time: time)
        let pipeline = try Pipeline(router: .to("m"), caches: [cache], diagnostics: .none, time: time) {
            ChatModel("m", MockProvider("fine"))
        }
        for number in 0..<5 { _ = try await pipeline.respond(to: ChatRequest("question \(number)")) }
        #expect(embedder.calls == 5)
    }

    @Test func `who has waited in vain for one answer does not wait for the next`() async throws {
        let gate = Gate()
        var fixture = try SemanticFixture()
        fixture.provider = MockProvider { _, call in
            if call == 0 {
                await gate.wait()
                return .answer(ChatResponse(.assistant("cut"), finish: .length))
            }
            return .hang
        }
        let pipeline = try fixture.pipeline()
        let leader = Task { try await pipeline.respond(to: Self.boil) }
        while fixture.provider.requests.isEmpty { await Task.yield() }
        let followers = (0..<5).map { _ in Task { try await pipeline.respond(to: Self.rephrased) } }
        while fixture.embedder.count < 6 { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        gate.open()
        _ = try await leader.value
        // All of them together: one after the other, the second would wait for ever.
        while fixture.provider.running < 5 { await Task.yield() }
        for follower in followers { follower.cancel() }
        for follower in followers { _ = await follower.result }
    }

    @Test func `who waits for another's answer keeps half of its own time to ask`() async throws {
        var fixture = try SemanticFixture()
        fixture.provider = MockProvider { _, call in call == 0 ? .hang : .answer("my own") }
        let pipeline = try fixture.pipeline()
        let leader = Task { try await pipeline.respond(to: Self.boil) }
        while fixture.provider.requests.isEmpty { await Task.yield() }
        var hurried = Self.rephrased
        hurried.deadline = fixture.time.now + .seconds(10)
        let request = hurried
        let follower = Task { try await pipeline.respond(to: request) }
        while fixture.embedder.count < 2 { await Task.yield() }
        while fixture.provider.requests.count < 2 {
            fixture.time.advance(by: .milliseconds(500))
            await Task.yield()
        }
        #expect(fixture.time.now < (request.deadline ?? fixture.time.now))
        #expect(try await follower.value.text == "my own")
        leader.cancel()
        _ = await leader.result
    }

    /// Never answers.
    private final class HangingEmbedder: Embedder {
        let info = EmbedderInfo(identity: "hanging", dimensions: 64, maxTokens: 100)
        private let state = Mutex(0)
        var calls: Int { state.withLock { $0 } }

        func embed(_ texts: [String]) async throws -> Embeddings {
            state.withLock { $0 += 1 }
            try await Task.sleep(for: .seconds(3600))
            return Embeddings([])
        }
    }

    @Test func `an embedder that hangs is left alone, however little time each request could spare`() async throws {
        let embedder = HangingEmbedder()
        let cache = try SemanticCache(embedder, policy: ScriptedPolicy())
        for number in 0..<30 {
            var request = ChatRequest("question \(number)")
            request.deadline = .now + .milliseconds(20)
            _ = try? await cache.lookup(CacheContext(request))
        }
        #expect(embedder.calls < 30)
    }

    @Test func `vectors that no index takes are refused at assembly`() throws {
        for dimensions in [0, 1, 4097] {
            let info = EmbedderInfo(identity: "odd", dimensions: dimensions, maxTokens: 100)
            let cache = try SemanticCache(PlaneEmbedder([:], info: info), policy: ScriptedPolicy())
            #expect(throws: LLMError.self) { try cache.validate() }
        }
    }

    @Test func `the vectors of answers count for the room`() async throws {
        let (fixture, plain) = (try SemanticFixture { $0.answers = .alike() }, try SemanticFixture())
        for text in SemanticFixture.questions.keys.sorted() {
            for fixture in [fixture, plain] { try await fixture.store("it is \(text)", ChatRequest(text)) }
        }
        let memory = fixture.cache.memory
        let known = memory.ids { $0.answerVector != nil }
        #expect(!known.isEmpty)
        let added = memory.statistics.bytes - plain.cache.statistics.bytes
        // Arrays are as large as the allocator made them, which is not the same in two caches.
        #expect(abs(added - known.count * (32 + 64 * 4)) <= 128)
        memory.remove(memory.ids { _ in true })
        #expect(memory.statistics.bytes == 0)
    }
}
