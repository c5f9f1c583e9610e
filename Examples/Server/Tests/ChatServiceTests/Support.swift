import ChatService
import Foundation
import LLMKit
import Logging
import ServiceLifecycle
import SimulatedVendors
import Testing

/// A ledger's file of the test's own, deleted with it.
final class TemporaryLedger: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chat-\(UUID().uuidString)")
    var path: String { folder.appendingPathComponent("calls.sqlite").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What the rows say, once there are any.
    func rows(by grouping: Ledger.Grouping) async throws -> [LedgerSummary] {
        try await Ledger(path: path).summary(groupedBy: grouping)
    }
}

extension Simulation {
    func model(_ name: ModelName, _ id: String) -> ChatModel {
        ChatModel(
            name,
            .openAICompatible(id, at: openAIAddress, key: .value(key)),
            price: .perMillion(input: 0.15, output: 0.6)
        )
    }
}

/// Starts a server for the time of `body`, and ends it as a signal would.
func withServer(
    small: ChatModel,
    large: ChatModel,
    ledger: TemporaryLedger,
    drainLimit: Duration = .seconds(20),
    _ body: (Client) async throws -> Void
) async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    var server = ChatServer(
        try Gateway(small: small, large: large, ledger: ledger.path, logger: logger),
        logger: logger
    )
    server.address = .hostname("127.0.0.1", port: 0)
    server.drainLimit = drainLimit
    let ports = AsyncStream<Int>.makeStream()
    let services = try server.services { port in
        if let port { ports.continuation.yield(port) }
        ports.continuation.finish()
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        let port = try #require(await ports.stream.first { _ in true })
        try await body(Client(port: port))
        await services.triggerGracefulShutdown()
        try await group.waitForAll()
    }
}

/// Whether something comes true in time.
func eventually(within limit: Duration = .seconds(10), _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return try await condition()
}
