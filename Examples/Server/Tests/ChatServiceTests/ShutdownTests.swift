import Foundation
import LLMKit
import SimulatedVendors
import Synchronization
import Testing

@Suite struct ShutdownTests {
    @Test func `what does not end in time is cancelled, and its client told`() async throws {
        let upstream = try Upstream(tokens: ["High "])
        let ledger = try TemporaryLedger()
        var answer: Task<String, any Error>?
        try await withServer(
            small: upstream.model("small"),
            large: upstream.model("large"),
            ledger: ledger,
            drainLimit: .milliseconds(100)
        ) { client in
            answer = Task { try await client.post("/chat", #"{"message": "What is a tide?"}"#) }
            _ = try await eventually { upstream.hasBegun }
        }
        let text = try #require(try await answer?.value)
        #expect(text.contains("event: error\ndata: {\"code\":\"shutting_down\""))
        #expect(try await ledger.rows(by: .error).map(\.group) == ["shutting_down"])
    }

    /// The program itself, and a real signal.
    @Test func `SIGTERM in the middle of a stream lets it end, refuses others, and loses no row`() async throws {
        // Its tokens take their time.
        let simulation = try Simulation(latencyScale: 100)
        defer { simulation.stop() }
        let ledger = try TemporaryLedger()
        let server = try ServerProcess(
            upstream: simulation.openAIAddress,
            ledger: ledger.path,
            log: ledger.path + ".log"
        )
        defer { server.end() }
        let client = Client(port: try await server.port())

        let isTold = Mutex(false)
        let text = try await client.post("/chat", #"{"message": "What is a tide?"}"#) { text in
            if text.contains("event: text"), !isTold.withLock({ $0 }) {
                isTold.withLock { $0 = true }
                server.terminate()
                #expect(try await eventually { try await client.get("/health").contains("503") })
                let late = try await client.post("/extract", #"{"text": "?"}"#, headers: ["Connection": "close"])
                #expect(late.contains("503 Service Unavailable"))
            }
            return false
        }
        #expect(text.contains("event: end"))
        #expect(try await eventually { !server.isRunning })
        #expect(server.status == 0)
        let row = try #require(try await ledger.rows(by: .kind).first { $0.group == "answer" })
        #expect(row[.answer] == 1)
    }
}

/// The built program, as its supervisor starts it.
final class ServerProcess: Sendable {
    private let process = Process()
    private let log: URL

    /// - Parameter log: the file that its log goes to.
    init(upstream: String, ledger: String, log: String) throws {
        self.log = URL(fileURLWithPath: log)
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = try FileHandle(forWritingTo: self.log)
        // Where the tests are, there it is.
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = folder.appendingPathComponent("chat-server")
        process.environment = [
            "PORT": "0", "LEDGER": ledger, "OPENAI_BASE_URL": upstream, "OPENAI_API_KEY": "simulated",
        ]
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    /// The port, as its log tells it.
    func port() async throws -> Int {
        var port: Int?
        _ = try await eventually(within: .seconds(10)) {
            let text = try String(contentsOf: log, encoding: .utf8)
            port = text.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }
            return port != nil
        }
        return try #require(port)
    }

    var isRunning: Bool { process.isRunning }
    var status: Int32 { process.terminationStatus }
    func terminate() { process.terminate() }
    /// Ends it whatever it does.
    func end() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
