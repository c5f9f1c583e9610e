import LLMKit

/// Calls a model through a whole pipeline, from several tasks at once, for a given time.
///
/// Everything is on: router, result cache (every request is new, so each is a miss), ledger on disk, tracer. `--bare`
/// leaves cache, ledger and tracer out. `--pace MS` reads streams whose events come every so many milliseconds, and tells how long
/// each was under way. An `https` URL needs the file of its authority: `--ca FILE`.
struct GatewayBenchmark {
    let pipeline: Pipeline
    let isStream: Bool
    let concurrency: Int
    let seconds: Double

    /// Whether events say when they were written.
    let isPaced: Bool

    private static let warmUp = 0.4
    private static let prompt = "Say hello in twenty tokens please, and be quick about it."

    init(_ options: Options) throws {
        let mode = options.text("mode", "chat")
        guard mode == "chat" || mode == "stream" else { throw UsageError(message: "--mode must be chat or stream") }
        isPaced = options.optionalText("pace") != nil
        isStream = mode == "stream" || isPaced
        concurrency = try options.int("conc", 1)
        seconds = try options.double("secs", 2)
        pipeline = try Self.makePipeline(options)
    }

    static func makePipeline(_ options: Options) throws -> Pipeline {
        var url = options.text("url", "http://127.0.0.1:9901/v1")
        if options.optionalText("pace") != nil { url = try PacedEvents.url(url, pace: options.double("pace", 5)) }
        let provider = OpenAIProvider(
            model: options.text("model", "gpt-4o-mini"),
            key: .value(options.text("key", "sk-mock")),
            baseURL: url,
            client: HTTPClient { $0.caBundle = options.optionalText("ca") }
        )
        if options.has("bare") {
            return try Pipeline(router: .to("m")) { ChatModel("m", provider) }
        }
        let folder = try ScratchFolder()
        return try Pipeline(
            router: .to("m"),
            caches: [.memory(bytes: 2 << 20)],
            meter: try Ledger(path: folder.path + "/calls.sqlite"),
            tracer: try JSONLinesTracer(path: folder.path + "/trace.jsonl")
        ) {
            ChatModel(
                "m",
                provider.retrying().timeouts(connect: .seconds(5), firstToken: .seconds(30), total: .seconds(60))
            )
        }
    }

    func run() async throws {
        let startUp = millisecondsSinceLaunch()
        let before = monotonicSeconds()
        _ = try await call(-1)
        let first = (monotonicSeconds() - before) * 1e3
        // All calls count here, those of the warm-up too: each asks for the same.
        let heap = HeapUse()
        let start = monotonicSeconds() + Self.warmUp
        let end = start + seconds
        let next = Counter()
        let cpuAtStart = CPUStart()

        var latencies = Samples()
        var firstTokens = Samples()
        var delays = Samples()
        var errors = 0
        await withTaskGroup(of: (Samples, Samples, Samples, Int).self) { group in
            for _ in 0..<concurrency {
                group.addTask {
                    var (latencies, firstTokens, delays, errors) = (Samples(), Samples(), Samples(), 0)
                    while true {
                        let began = monotonicSeconds()
                        guard began < end else { break }
                        let isMeasured = began >= start
                        if isMeasured { cpuAtStart.note() }
                        do {
                            let (firstToken, underWay) = try await self.call(next.next())
                            guard isMeasured else { continue }
                            delays.add(underWay)
                            latencies.add(monotonicSeconds() - began)
                            if let firstToken { firstTokens.add(firstToken - began) }
                        } catch {
                            errors += 1
                            if errors == 1 { printError("\(error)") }
                        }
                    }
                    return (latencies, firstTokens, delays, errors)
                }
            }
            for await part in group {
                latencies.add(part.0)
                firstTokens.add(part.1)
                delays.add(part.2)
                errors += part.3
            }
        }
        let wall = monotonicSeconds() - start
        await pipeline.shutdown()
        // After the ledger is written: its work is a part of the price of a call.
        let allCalls = next.value - errors
        let cpu = cpuSeconds() - cpuAtStart.value

        var line = ResultLine()
        line.add("cpu_us", cpu * 1e6 / Double(max(1, latencies.count)))
        line.add("calls", latencies.count)
        line.add("calls_s", Double(latencies.count) / wall)
        line.add("p50", latencies.microseconds(at: 0.5))
        line.add("p99", latencies.microseconds(at: 0.99))
        line.add("ttft50", firstTokens.microseconds(at: 0.5))
        line.add("ttft99", firstTokens.microseconds(at: 0.99))
        if isPaced {
            line.add("delay50", delays.microseconds(at: 0.5))
            line.add("delay99", delays.microseconds(at: 0.99))
        }
        line.add("rss_mib", peakResidentMiB())
        heap.add(to: &line, calls: allCalls)
        line.add("startup_ms", startUp)
        line.add("first_ms", first)
        line.add("errors", errors)
        line.print()
    }

    /// One call; returns when its first token came, if it was streamed, and how long each was under way, if it says so.
    private func call(_ number: Int) async throws -> (firstToken: Double?, delays: Samples) {
        let request = ChatRequest("\(Self.prompt) \(number)")
        guard isStream else {
            let response = try await pipeline.respond(to: request)
            guard response.usage.output > 0 else { throw UsageError(message: "an answer without tokens") }
            return (nil, Samples())
        }
        var firstToken: Double?
        var delays = Samples()
        for try await event in try await pipeline.stream(request) where firstToken == nil || isPaced {
            guard case .text(let text) = event else { continue }
            if firstToken == nil { firstToken = monotonicSeconds() }
            if isPaced, let delay = PacedEvents.delay(of: text) { delays.add(delay) }
        }
        return (firstToken, delays)
    }
}
