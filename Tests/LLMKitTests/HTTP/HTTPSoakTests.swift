import CPlatform
import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Slow: `make soak` runs it, `swift test` does not.
@Suite(.enabled(if: environmentVariable("LLMKIT_SOAK") != nil)) struct `HTTP soak` {
    private static let streams = 1000
    private static let tokens = 50

    @Test func `a thousand streams run for a minute without an error, in memory that does not grow`() async throws {
        try #require(raiseDescriptorLimit(to: Self.streams * 2 + 256))
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            for token in 0..<Self.tokens {
                responder.write("data: {\"token\":\(token)}\n\n")
                responder.hang(milliseconds: 50)
            }
            responder.write("data: [DONE]\n\n")
            responder.endStream()
        }
        let client = HTTPClient.forTesting { $0.maxConnectionsPerHost = Self.streams }
        let timeouts = Timeouts(firstToken: .seconds(30), idle: .seconds(30), total: .seconds(120))
        let request = HTTPRequest(url: server.url, body: [1], timeouts: timeouts)
        let tally = Tally()
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.streams {
                group.addTask {
                    while ContinuousClock.now - start < .seconds(60) {
                        let events = try await Self.read(try await client.open(request))
                        #expect(events == Self.tokens + 1)
                        tally.finished.add(1, ordering: .relaxed)
                    }
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(15))
                tally.memory.store(Self.residentKiB(), ordering: .relaxed)
            }
            try await group.waitForAll()
        }
        #expect(tally.finished.load(ordering: .relaxed) >= Self.streams * 5)
        #expect(server.connectionCount == Self.streams)
        let growth = Self.residentKiB() - tally.memory.load(ordering: .relaxed)
        #expect(growth < 8 * Self.streams, "\(growth) KiB more at the end than after a quarter")
    }

    private final class Tally: Sendable {
        let finished = Atomic(0)
        /// In use after a quarter of the time, in KiB.
        let memory = Atomic(0)
    }

    private static func read(_ stream: HTTPStream) async throws -> Int {
        var parser = ServerSentEventParser()
        var events = 0
        while let bytes = try await stream.next() {
            stream.tokenArrived()
            try parser.feed(bytes) { _ in events += 1 }
        }
        return events
    }

    /// The memory in use, where the system has a file that says so; else 0.
    private static func residentKiB() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(getpagesize()) / 1024
    }
}
