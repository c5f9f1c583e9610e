import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct ValidationTests {
    private func assemble(
        _ router: some Router,
        confidence: some ConfidenceSignal = .logProbabilities,
        baseline: ModelName? = nil,
        maxAttempts: Int = 6,
        @ModelListBuilder models: () -> [ChatModel] = {
            [ChatModel("small", MockProvider("a")), ChatModel("large", MockProvider("b"))]
        }
    ) -> LLMError? {
        do throws(LLMError) {
            _ = try Pipeline(
                router: router,
                confidence: confidence,
                baseline: baseline,
                maxAttempts: maxAttempts,
                models: models
            )
            return nil
        } catch {
            return error
        }
    }

    @Test func `a sound pipeline assembles`() {
        #expect(assemble(.cascade("small", "large", threshold: 0.8)) == nil)
    }

    @Test func `an unknown model in a route is named, with those there are`() {
        let error = assemble(.to("medium"))
        #expect(error?.code == .noSuchModel)
        #expect(error?.message.contains("'medium'") == true)
        #expect(error?.message.contains("small, large") == true)
    }

    @Test func `an unknown shadow is named`() {
        #expect(assemble(.fixed(.to("small").shadowed(by: "ghost")))?.message.contains("'ghost'") == true)
    }

    @Test func `an empty route is an error`() {
        #expect(assemble(.fixed(Route(tiers: [])))?.message.contains("empty") == true)
        #expect(assemble(.fixed(Route(tiers: [Route.Tier([])])))?.message.contains("no models") == true)
    }

    @Test(arguments: [-0.1, 1.1, .nan, .infinity])
    func `a threshold outside its range is an error`(threshold: Double) {
        let error = assemble(.cascade("small", "large", threshold: threshold))
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("0...1") == true)
    }

    @Test func `a threshold that cannot take effect is an error`() {
        let route = Route(tiers: [Route.Tier(["small"], threshold: 0.5)])
        #expect(assemble(.fixed(route))?.message.contains("last tier") == true)
    }

    @Test func `a negative price is an error that names the rate`() {
        let error = assemble(.to("small")) {
            [ChatModel("small", MockProvider("a"), price: .perMillion(input: 1, output: -1))]
        }
        #expect(error?.message.contains("negative output rate") == true)
    }

    @Test func `two models of one name are an error`() {
        let error = assemble(.to("small")) {
            [ChatModel("small", MockProvider("a")), ChatModel("small", MockProvider("b"))]
        }
        #expect(error?.message.contains("two models") == true)
    }

    @Test func `a pipeline without models is an error`() {
        #expect(assemble(.to("small")) { [] }?.message.contains("no models") == true)
    }

    @Test func `a signal that a judged model cannot serve is an error`() {
        let mute = MockProvider("a", info: ProviderInfo(capabilities: [.tools]))
        let error = assemble(.cascade("small", "large", threshold: 0.8)) {
            [ChatModel("small", mute), ChatModel("large", MockProvider("b"))]
        }
        #expect(error?.message.contains("log-probabilities") == true)
        #expect(error?.message.contains("'small'") == true)
    }

    @Test func `a baseline must be a model with a price`() {
        #expect(assemble(.to("small"), baseline: "ghost")?.message.contains("'ghost'") == true)
        #expect(assemble(.to("small"), baseline: "large")?.message.contains("no known price") == true)
    }

    @Test func `a nested pipeline must not record into the same meter`() throws {
        let meter = InMemoryCostMeter()
        let inner = try Pipeline(router: .to("m"), meter: meter) { ChatModel("m", MockProvider("a")) }
        let error = #expect(throws: LLMError.self) {
            try Pipeline(router: .to("inner"), meter: meter) { ChatModel("inner", inner.retrying()) }
        }
        #expect(error?.message.contains("same meter") == true)
        // Neither behind others nor deeper down.
        let several = try Pipeline(router: .to("m"), meter: .all(InMemoryCostMeter(), meter)) {
            ChatModel("m", MockProvider("a"))
        }
        let middle = try Pipeline(router: .to("inner")) { ChatModel("inner", inner) }
        for nested in [inner, several, middle] {
            #expect(throws: LLMError.self) {
                _ = try Pipeline(router: .to("inner"), meter: .all(InMemoryCostMeter(), meter)) {
                    ChatModel("inner", nested)
                }
            }
        }
        #expect(throws: Never.self) {
            _ = try Pipeline(router: .to("inner"), meter: InMemoryCostMeter()) { ChatModel("inner", middle) }
        }
    }

    @Test(arguments: [ResultCache(bytes: 0), ResultCache(ttl: .zero)])
    func `a cache that can keep nothing is an error`(cache: ResultCache) {
        #expect(throws: LLMError.self) {
            try Pipeline(router: .to("m"), caches: [cache]) { ChatModel("m", MockProvider("a")) }
        }
    }

    @Test func `a request needs an attempt`() {
        #expect(assemble(.to("small"), maxAttempts: 0)?.message.contains("maxAttempts") == true)
    }

    @Test func `what a custom router returns is checked when it returns it`() async throws {
        struct Lost: Router {
            func route(_ request: ChatRequest, in context: RoutingContext) -> Route { .to("nowhere") }
        }
        let pipeline = try Pipeline(router: Lost()) { ChatModel("small", MockProvider("a")) }
        let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "hi") }
        #expect(error?.code == .noSuchModel)
    }
}
