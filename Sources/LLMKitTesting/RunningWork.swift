import LLMKit

/// Notices when everything that a piece of code has started is done.
///
/// Tasks inherit task-locals, those started with `Task { }` too, and keep them until they end. So an object that is bound
/// while the code runs is let go of by the last task that the code has left behind, however it was started from there.
/// Detached tasks and threads inherit nothing: they are not seen.
struct RunningWork: Sendable {
    /// Tells that it is let go of.
    private final class Token: Sendable {
        private let ended: AsyncStream<Void>.Continuation
        init(_ ended: AsyncStream<Void>.Continuation) { self.ended = ended }
        deinit { ended.finish() }
    }

    private enum Inherited {
        @TaskLocal static var token: Token?
    }

    private let end: AsyncStream<Void>

    /// Runs `body`, and remembers what it started.
    init(_ body: @Sendable () async throws -> Void) async throws {
        let ended: AsyncStream<Void>.Continuation
        (end, ended) = AsyncStream.makeStream()
        try await Inherited.$token.withValue(Token(ended)) { try await body() }
    }

    /// Returns when nothing of it runs any more.
    /// - Throws: ``OutOfPatience`` if something still does.
    func ends(within patience: Duration) async throws {
        try await patiently(patience) { for await _ in end {} }
    }
}
