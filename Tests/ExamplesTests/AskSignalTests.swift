import CPlatform
import Foundation
import LLMKit
import LLMKitTesting
import Testing

/// `ask` as a process of its own, because signals belong to processes.
@Suite(.timeLimit(.minutes(5)), .enabled(if: AskProgram.isThere && !ignoresSignal(SIGHUP)))
struct `Ask and signals` {
    @Test(
        arguments: [
            ([SIGHUP], [129]), ([SIGINT], [130]), ([SIGTERM], [143]), ([SIGHUP, SIGHUP], [129]),
            // Which of two is heard first is up to the system.
            ([SIGTERM, SIGHUP], [129, 143]), ([SIGHUP, SIGINT], [129, 130]),
        ] as [([Int32], [Int32])]
    )
    func `a signal cancels the call, which is in the ledger when the program ends`(
        numbers: [Int32],
        statuses: [Int32]
    ) async throws {
        let (requests, arrivals) = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { _, responder in
            arrivals.yield()
            responder.hang()
        }
        defer { server.stop() }
        let folder = FileManager.default.temporaryDirectory.appending(path: "llmkit-ask-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "calls.sqlite").path
        let line = ["--vendor", "ollama", "--base-url", server.url + "/v1", "--model", "m", "--ledger", path, "Hello"]
        let program = try AskProgram(line)
        for await _ in requests { break }
        for number in numbers { program.send(number) }
        #expect(statuses.contains(try #require(await program.status())))
        let charges = try await Ledger(path: path).charges()
        #expect(charges.map(\.errorCode) == [.cancelled])
    }
}

/// A running `ask`.
private final class AskProgram {
    /// Beside the tests, where the package manager builds both.
    private static let url = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        .appending(path: "ask")

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: url.path) }

    private let process = Process()
    private let ends: AsyncStream<Int32>

    init(_ line: [String]) throws {
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        self.ends = ends
        process.executableURL = Self.url
        process.arguments = line
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { process in
            // Killed by the signal itself, it has no status of its own.
            end.yield(process.terminationReason == .exit ? process.terminationStatus : -1)
        }
        try process.run()
    }

    func send(_ number: Int32) { kill(process.processIdentifier, number) }

    func status() async -> Int32? {
        for await status in ends { return status }
        return nil
    }
}
