import LLMKit

/// Many streams at once for a while: errors, and whether memory stays where it was.
struct ConcurrentStreams {
    let pipeline: Pipeline
    let concurrency: Int
    let seconds: Double

    init(_ options: Options) throws {
        concurrency = try options.int("conc", 1000)
        seconds = try options.double("secs", 60)
        var configuration = HTTPClient.Configuration()
        configuration.maxConnectionsPerHost = concurrency
        let folder = try ScratchFolder()
        let provider = OpenAIProvider(
            model: "gpt-4o-mini",
            key: .value(options.text("key", "sk-mock")),
            baseURL: options.text("url", "http://127.0.0.1:9901/m/gap_us=20000,tokens=100/v1"),
            client: HTTPClient(configuration)
        )
        pipeline = try Pipeline(
            router: .to("m"),
            meter: try Ledger(path: folder.path + "/calls.sqlite"),
            tracer: try JSONLinesTracer(path: folder.path + "/trace.jsonl")
        ) {
            ChatModel("m", provider.timeouts(connect: .seconds(10), firstToken: .seconds(30), idle: .seconds(10)))
        }
    }

    func run() async throws {
        _ = try await pipeline.stream("warm up").collect()
        let before = residentKiB()
        let end = monotonicSeconds() + seconds
        let finished = Counter()
        let errors = Counter()
        let events = Counter()
        async let memory = watchMemory(until: end)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<concurrency {
                group.addTask {
                    while monotonicSeconds() < end {
                        do {
                            for try await _ in try await pipeline.stream(ChatRequest("tell me about \(number)")) {
                                events.next()
                            }
                            finished.next()
                        } catch {
                            if errors.next() == 1 { printError("\(error)") }
                        }
                    }
                }
            }
        }
        let readings = await memory
        await pipeline.shutdown()
        let early = readings.prefix(readings.count / 4 + 1).last ?? before
        let late = readings.dropLast().last ?? before
        var line = ResultLine()
        line.add("streams", finished.value)
        line.add("events", events.value)
        line.add("errors", errors.value)
        line.add("kib_per_stream", Double((readings.max() ?? before) - before) / Double(concurrency))
        line.add("rss_kib_before", before)
        line.add("rss_kib_early", early)
        line.add("rss_kib_late", late)
        line.print()
    }

    /// Resident memory once a second.
    private func watchMemory(until end: Double) async -> [Int] {
        var readings: [Int] = []
        while monotonicSeconds() < end {
            try? await Task.sleep(for: .seconds(1))
            readings.append(residentKiB())
        }
        return readings
    }
}
