import LLMKitTesting
import Testing

@testable import LLMKit
@testable import Quickstart
@testable import SimulatedVendors

@Suite struct `Quickstart run` {
    let questions = (0..<60).map { number in
        // Every third question is asked again later.
        Question(id: "\(number)", text: "May a boat of \(number % 40) metres stay, if the office is closed?")
    }
    let handbook = String(
        repeating: "The office is open from 8:00 to 20:00. A boat may stay for 30 nights. ",
        count: 80
    )

    @Test func `the ledger's rows add up to the picodollar, and to the same on every run`() async throws {
        var paid: [Money] = []
        for _ in 0..<2 {
            let summary = try await summary(faults: Faults(rateLimited: 20, serverError: 20))
            #expect(summary.outcomes.count == questions.count)
            #expect(summary.count(.failed) == 0)
            #expect(summary.count(.cache) == 20)
            #expect(summary.retries > 0)
            let baseline = try #require(summary.baseline)
            let total = try #require(summary.paid)
            #expect(baseline - summary.steps.reduce(.zero) { $0 + $1.amount } == total)
            #expect(summary.outcomes.reduce(.zero) { $0 + ($1.paid ?? .zero) } == total)
            #expect(summary.charges.contains { $0.usage.cacheRead >= 1024 })
            paid.append(total)
        }
        #expect(paid[0] == paid[1])
    }

    @Test func `a wrong key stops the run at once, and says so`() async throws {
        let simulation = try Simulation(latencyScale: 0)
        let cheap = OpenAIProvider(model: "gpt-4o-mini", key: .value("wrong"), baseURL: simulation.openAIAddress)
        let ledger = try Ledger.inMemory()
        let run = try run(cheap: cheap, strong: cheap, signal: .logProbabilities, ledger: ledger)
        let (outcomes, fatal) = await run.ask(questions)
        #expect(fatal?.code == .authentication)
        #expect(outcomes.count < questions.count)
        await run.pipeline.shutdown()
    }

    @Test func `an interrupted run settles what it began`() async throws {
        let simulation = try Simulation(latencyScale: 1000)
        let ledger = try Ledger.inMemory()
        let run = try run(simulation, signal: .logProbabilities, ledger: ledger)
        let task = Task { await run.ask(questions) }
        while simulation.openAI.connectionCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
        task.cancel()
        let (outcomes, _) = await task.value
        await run.pipeline.shutdown()
        #expect(outcomes.count < questions.count)
        let charges = try await ledger.charges(limit: .max)
        #expect(charges.contains { $0.errorCode == .cancelled })
        #expect(Set(charges.compactMap(\.caller.conversation)).count == outcomes.count)
    }

    @Test func `a model without log-probabilities is judged by its own word`() async throws {
        let simulation = try Simulation(latencyScale: 0)
        func model(_ id: String) -> AnthropicProvider {
            AnthropicProvider(model: id, key: .value(simulation.key), baseURL: simulation.anthropicAddress)
        }
        let ledger = try Ledger.inMemory()
        let run = try run(
            cheap: model("claude-haiku-5-5"),
            strong: model("claude-sonnet-5-5"),
            signal: .selfReport(temperature: nil),
            ledger: ledger
        )
        let outcomes = await run.ask(questions).outcomes
        await run.pipeline.shutdown()
        let charges = try await ledger.charges(limit: .max)
        #expect(charges.contains { $0.kind == .confidence })
        #expect(charges.filter { $0.kind == .rejected || $0.tier == 0 }.allSatisfy { $0.confidence != nil })
        #expect(outcomes.allSatisfy { $0.origin != .failed })
    }

    // MARK: Helpers

    private func summary(faults: Faults) async throws -> Summary {
        let simulation = try Simulation(faults: faults, latencyScale: 0.1)
        let ledger = try Ledger.inMemory()
        // One after the other: a question that is asked again while its first answer is still under way is no hit.
        let run = try run(simulation, signal: .logProbabilities, ledger: ledger, concurrency: 1)
        let (outcomes, _) = await run.ask(questions)
        await run.pipeline.shutdown()
        let charges = try await ledger.charges(limit: .max)
        let setup = Summary.Setup(
            isSimulated: true,
            vendors: "",
            cheap: "gpt-4o-mini",
            strong: "claude-sonnet-5-5",
            signal: "log-probabilities",
            threshold: 0.8,
            questions: questions.count,
            concurrency: 1
        )
        return Summary(
            setup: setup,
            outcomes: outcomes.charged(charges, of: run),
            charges: charges,
            elapsed: .seconds(1)
        )
    }

    private func run(
        _ simulation: Simulation,
        signal: some ConfidenceSignal,
        ledger: Ledger,
        concurrency: Int = 8
    ) throws -> Run {
        let key = APIKey.value(simulation.key)
        return try run(
            cheap: OpenAIProvider(model: "gpt-4o-mini", key: key, baseURL: simulation.openAIAddress),
            strong: AnthropicProvider(model: "claude-sonnet-5-5", key: key, baseURL: simulation.anthropicAddress),
            signal: signal,
            ledger: ledger,
            concurrency: concurrency
        )
    }

    private func run(
        cheap: some ModelProvider,
        strong: some ModelProvider,
        signal: some ConfidenceSignal,
        ledger: Ledger,
        concurrency: Int = 8
    ) throws -> Run {
        let policy = RetryPolicy(base: .milliseconds(1), cap: .milliseconds(1))
        let pipeline = try Pipeline(
            router: .cascade(Backend.cheapName, Backend.strongName, threshold: 0.8),
            confidence: signal,
            caches: [.memory(bytes: 1 << 20)],
            meter: ledger,
            baseline: Backend.strongName
        ) {
            ChatModel(Backend.cheapName, cheap.retrying(policy))
            ChatModel(Backend.strongName, strong.retrying(policy))
        }
        return Run(pipeline: pipeline, instructions: handbook, concurrency: concurrency, progress: Progress(total: 0))
    }
}
