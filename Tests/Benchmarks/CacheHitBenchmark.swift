import LLMKit
import LLMKitTesting

/// How long a pipeline takes to answer from the memory cache.
struct CacheHitBenchmark {
    let calls: Int

    init(_ options: Options) throws { calls = try options.int("calls", 100_000) }

    func run() async throws {
        let pipeline = try Pipeline(router: .to("m"), caches: [.memory()]) {
            ChatModel(
                "m",
                MockProvider("Hello from the other side of the cache."),
                price: .perMillion(input: 1, output: 2)
            )
        }
        let request = ChatRequest("Say hello in twenty tokens please, and be quick about it.")
        _ = try await pipeline.respond(to: request)
        var latencies = Samples()
        latencies.reserve(calls)
        let heap = HeapUse()
        for _ in 0..<calls {
            let began = monotonicSeconds()
            let response = try await pipeline.respond(to: request)
            latencies.add(monotonicSeconds() - began)
            guard response.servedBy == .result else { throw UsageError(message: "not a hit") }
        }
        var line = ResultLine()
        line.add("p50", latencies.microseconds(at: 0.5), places: 2)
        line.add("p99", latencies.microseconds(at: 0.99), places: 2)
        heap.add(to: &line, calls: calls)
        line.add("calls", latencies.count)
        line.print()
    }
}
