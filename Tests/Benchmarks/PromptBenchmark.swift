import LLMKit

/// What a call with a long prompt costs in CPU: everything on, one call after the other.
struct PromptBenchmark {
    let pipeline: Pipeline
    let bytes: Int
    let calls: Int

    init(_ options: Options) throws {
        bytes = try options.int("bytes", 400_000)
        calls = try options.int("calls", 300)
        pipeline = try GatewayBenchmark.makePipeline(options)
    }

    func run() async throws {
        let words = String(
            repeating: "The harbour opens at six; \"berths\" go first come, first served.\n",
            count: bytes / 64
        )
        var latencies = Samples()
        var cpu = 0.0
        for number in 0..<calls + 20 {
            // A text of its own per call, made outside the measurement: every one is a miss.
            let request = ChatRequest("\(number) \(words)")
            let (began, cpuBefore) = (monotonicSeconds(), cpuSeconds())
            _ = try await pipeline.respond(to: request)
            guard number >= 20 else { continue }
            latencies.add(monotonicSeconds() - began)
            cpu += cpuSeconds() - cpuBefore
        }
        await pipeline.shutdown()
        var line = ResultLine()
        line.add("cpu_us", cpu * 1e6 / Double(calls))
        line.add("p50", latencies.microseconds(at: 0.5))
        line.add("calls", calls)
        line.add("bytes", words.utf8.count)
        line.print()
    }
}
