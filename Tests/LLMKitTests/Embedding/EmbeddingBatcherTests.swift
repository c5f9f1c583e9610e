import Synchronization
import Testing

@testable import LLMKit

@Suite struct EmbeddingBatcherTests {
    /// Notes what it is asked for, and waits at its gate.
    private final class Recorder: Sendable {
        let batches = Mutex<[[String]]>([])
        private let gate = Signal()
        private let isOpen = Mutex(false)

        func open() {
            isOpen.withLock { $0 = true }
            gate.set()
        }

        func compute(_ texts: [String]) -> [Result<[Float], LLMError>] {
            batches.withLock { $0.append(texts) }
            while !isOpen.withLock({ $0 }) { _ = gate.wait(until: MonotonicTime.now() + 1_000_000_000) }
            return texts.map { $0 == "bad" ? .failure(LLMError(.unknown, "bad")) : .success([Float($0.utf8.count)]) }
        }

        func waitForBatch() async { while batches.withLock({ $0.isEmpty }) { await Task.yield() } }
    }

    @Test func `callers that come while a batch is on its way share the next one, each text once`() async throws {
        let recorder = Recorder()
        let batcher = EmbeddingBatcher("test", recorder.compute)
        async let first = batcher.embed(["a"])
        await recorder.waitForBatch()
        let callers = [["bb", "ccc"], ["ccc", "bb", "bb"], ["a"]].map { texts in Task { try await batcher.embed(texts) }
        }
        while batcher.pendingRequests < 4 { await Task.yield() }
        recorder.open()
        #expect(try await first == [[1]])
        #expect(try await callers[0].value == [[2], [3]])
        #expect(try await callers[1].value == [[3], [2], [2]])
        #expect(try await callers[2].value == [[1]])
        let batches = recorder.batches.withLock { $0 }
        #expect(batches.count == 2)
        #expect(batches[0] == ["a"])
        #expect(batches[1].sorted() == ["bb", "ccc"])
    }

    @Test func `a cancelled caller leaves at once, and what only it wanted is not computed`() async throws {
        let recorder = Recorder()
        let batcher = EmbeddingBatcher("test", recorder.compute)
        async let first = batcher.embed(["a"])
        await recorder.waitForBatch()
        let cancelled = Task { try await batcher.embed(["shared", "alone"]) }
        let staying = Task { try await batcher.embed(["shared"]) }
        while batcher.pendingRequests < 3 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        recorder.open()
        #expect(try await staying.value == [[6]])
        _ = try await first
        #expect(recorder.batches.withLock { $0 } == [["a"], ["shared"]])
    }

    @Test func `a caller that was cancelled before is not served`() async {
        let recorder = Recorder()
        recorder.open()
        let batcher = EmbeddingBatcher("test", recorder.compute)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await batcher.embed(["late"])
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `an error reaches only those who asked for its text`() async throws {
        let recorder = Recorder()
        recorder.open()
        let batcher = EmbeddingBatcher("test", recorder.compute)
        await #expect(throws: LLMError.self) { try await batcher.embed(["good", "bad"]) }
        #expect(try await batcher.embed(["good"]) == [[4]])
        #expect(try await batcher.embed([]) == [])
        #expect(batcher.pendingRequests == 0)
    }

    @Test func `texts that only look alike are two texts`() async throws {
        let recorder = Recorder()
        recorder.open()
        let batcher = EmbeddingBatcher("test", recorder.compute)
        #expect(try await batcher.embed(["\u{E9}", "e\u{301}"]) == [[2], [3]])
    }

    @Test func `many callers at a time all get their own`() async throws {
        let batcher = EmbeddingBatcher("test") { texts in texts.prefix(7).map { .success([Float($0) ?? -1]) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in 0..<200 {
                group.addTask {
                    let numbers = (start..<start + start % 5).map { $0 % 60 }
                    let vectors = try await batcher.embed(numbers.map(String.init))
                    #expect(vectors == numbers.map { [Float($0)] })
                }
            }
            try await group.waitForAll()
        }
    }
}
