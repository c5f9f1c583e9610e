import LLMKit
import Logging
import ServiceLifecycle
import Synchronization

/// Ends a pipeline when the process is told to end: no new requests, a while for those under way, then everything is
/// written down.
///
/// ```swift
/// let group = ServiceGroup(
///     services: [server, PipelineService(pipeline, logger: logger) { try await ledger.close() }],
///     gracefulShutdownSignals: [.sigterm, .sigint],
///     logger: logger
/// )
/// ```
///
/// **Put it behind the server.** A group stops its services from the last to the first: the pipeline drains while the
/// server still delivers what it gives. Put before the server it would wait for that one, and a server waits for its
/// streams however long they are. Requests that come meanwhile are refused by the pipeline, with code `shutting_down`: a
/// health check that tells of the shutdown (``isDraining``) keeps them away.
public final class PipelineService: Service {
    private let pipelines: [Pipeline]
    private let drainLimit: Duration
    private let logger: Logger
    private let close: @Sendable () async throws -> Void
    private let hasBegunToEnd = Atomic(false)

    /// - Parameters:
    ///   - pipelines: ended at the same time.
    ///   - drainLimit: how long requests under way may go on before they are cancelled. Less than the time that the
    ///     machine's supervisor gives the process (30 seconds in Kubernetes, 10 in Docker).
    ///   - close: closes what the pipelines shared, in order, such as ledgers and caches. Nothing is recorded any more.
    public init(
        _ pipelines: Pipeline...,
        drainLimit: Duration = .seconds(20),
        logger: Logger,
        close: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.pipelines = pipelines
        self.drainLimit = drainLimit
        self.logger = logger
        self.close = close
    }

    /// Whether the shutdown has begun.
    public var isDraining: Bool { hasBegunToEnd.load(ordering: .acquiring) }

    public func run() async throws {
        var limit = drainLimit
        do { try await gracefulShutdown() } catch {
            // Cancelled instead: another service has failed, or the time is up. Nothing is waited for, all is written.
            limit = .zero
        }
        hasBegunToEnd.store(true, ordering: .releasing)
        // A task of its own: what must be written is written also if this one is cancelled meanwhile.
        try await Task { [limit] in try await self.end(within: limit) }.value
    }

    private func end(within limit: Duration) async throws {
        logger.info("pipeline drains", metadata: ["limit": "\(limit)"])
        let areDone = await withTaskGroup(of: Bool.self) { group in
            for pipeline in pipelines { group.addTask { await pipeline.drain(upTo: limit) } }
            return await group.reduce(true) { $0 && $1 }
        }
        if !areDone { logger.warning("pipeline cancels what is under way", metadata: ["limit": "\(limit)"]) }
        for pipeline in pipelines { await pipeline.shutdown() }
        try await close()
        logger.info("pipeline ended")
    }
}
