import Foundation
import Synchronization
import Testing

@testable import LLMKit

@Suite struct BatchQueueTests {
    /// Where batches go: it takes them, refuses them, or loses some, as a test wants.
    private final class Outside: Sendable {
        struct Failure: Error, Equatable {}

        let batches = Mutex<[[Int]]>([])
        let answer = Mutex(BatchDelivery.delivered)
        var all: [Int] { batches.withLock { $0.flatMap { $0 } } }

        func take(_ batch: ArraySlice<Int>) -> BatchDelivery {
            let answer = answer.withLock { $0 }
            if case .failed = answer { return answer }
            batches.withLock { $0.append(Array(batch)) }
            return answer
        }
    }

    private let outside = Outside()
    private let worker = SerialWorker("test")
    private let notices = InMemoryDiagnostics()

    private func queue(capacity: Int? = nil, delay: Duration = .seconds(3600), batch: Int = 1024) -> BatchQueue<Int> {
        BatchQueue(
            "numbers",
            BatchQueue.Options(capacity: capacity, delay: delay, batch: batch),
            worker: worker,
            diagnostics: notices.diagnostics,
            deliver: outside.take
        )
    }

    /// Keeps the worker busy until the signal is set.
    private func blockWorker() -> Signal {
        let gate = Signal()
        worker.enqueue { _ = gate.wait(until: MonotonicTime.now() + 600_000_000_000) }
        return gate
    }

    @Test func `elements get out in order, in batches of a size`() async {
        let queue = queue(batch: 10)
        let gate = blockWorker()
        for number in 0..<25 { queue.append(number) }
        #expect(queue.pendingCount == 25)
        gate.set()
        #expect(await queue.flush())
        #expect(outside.all == Array(0..<25))
        #expect(outside.batches.withLock { $0.map(\.count) } == [10, 10, 5])
        #expect(queue.pendingCount == 0 && queue.droppedCount == 0 && queue.lastError == nil)
    }

    @Test func `elements get out after the delay, without being asked`() async throws {
        let queue = queue(delay: .milliseconds(5))
        queue.append(1)
        for _ in 0..<2000 where queue.pendingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(outside.all == [1])
        queue.append(2)
        for _ in 0..<2000 where queue.pendingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(outside.all == [1, 2])
    }

    @Test func `half a batch does not wait for the delay`() async throws {
        let queue = queue(batch: 10)
        for number in 0..<5 { queue.append(number) }
        for _ in 0..<2000 where queue.pendingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(outside.all == Array(0..<5))
    }

    @Test func `a full queue drops the newest, counts them, and says so once`() async {
        let queue = queue(capacity: 5)
        let gate = blockWorker()
        for number in 0..<8 { queue.append(number) }
        #expect(queue.droppedCount == 3)
        #expect(queue.pendingCount == 5)
        gate.set()
        #expect(await queue.flush())
        queue.append(8)
        #expect(await queue.flush())
        #expect(outside.all == [0, 1, 2, 3, 4, 8])
        #expect(queue.droppedCount == 3)
        #expect(notices.notices.map(\.severity) == [.warning])
        #expect(notices.notices.first?.subject == "numbers")
    }

    @Test func `what cannot be delivered stays, in its order, and what is over the capacity does not come in`() async {
        let queue = queue(capacity: 4)
        outside.answer.withLock { $0 = .failed(Outside.Failure()) }
        for number in 0..<3 { queue.append(number) }
        #expect(await !queue.flush())
        #expect(queue.pendingCount == 3)
        #expect(queue.lastError is Outside.Failure)
        for number in 3..<6 { queue.append(number) }
        #expect(await !queue.flush())
        #expect(queue.pendingCount == 4 && queue.droppedCount == 2)
        outside.answer.withLock { $0 = .delivered }
        #expect(await queue.flush())
        #expect(outside.all == [0, 1, 2, 3])
        #expect(queue.lastError == nil)
        let words = notices.notices.map(\.severity)
        #expect(words == [.error, .warning, .info], "a failure is told once, and so is its end")
    }

    @Test func `a failed delivery is tried again without being asked`() async throws {
        let queue = queue()
        outside.answer.withLock { $0 = .failed(Outside.Failure()) }
        queue.append(1)
        #expect(await !queue.flush())
        outside.answer.withLock { $0 = .delivered }
        for _ in 0..<2000 where queue.pendingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(outside.all == [1])
    }

    @Test func `a part that is lost on the way is counted`() async {
        let queue = queue()
        outside.answer.withLock { $0 = .lost(2, Outside.Failure()) }
        for number in 0..<5 { queue.append(number) }
        #expect(await !queue.flush())
        #expect(queue.droppedCount == 2 && queue.pendingCount == 0)
        #expect(queue.lastError is Outside.Failure)
        #expect(await queue.flush(), "nothing waits any more")
        #expect(notices.notices.map(\.severity) == [.error])
    }

    @Test func `a flush gives up at its deadline, and what it waited for still gets out`() async {
        let queue = queue()
        let gate = blockWorker()
        queue.append(1)
        #expect(await !queue.flush(deadline: .now + .milliseconds(20)))
        #expect(queue.pendingCount == 1)
        gate.set()
        #expect(await queue.flush(deadline: .now + .seconds(60)))
        #expect(outside.all == [1])
    }

    @Test func `a closed queue that may drop takes nothing any more`() async {
        let queue = queue(capacity: 10)
        queue.append(1)
        #expect(await queue.close())
        queue.append(2)
        #expect(queue.droppedCount == 1 && queue.pendingCount == 0)
        #expect(outside.all == [1])
    }

    @Test func `a closed queue that drops nothing keeps what comes, and says why it stays`() async {
        let queue = queue()
        queue.append(1)
        #expect(await queue.close())
        queue.append(2)
        #expect(await !queue.flush())
        #expect(queue.droppedCount == 0 && queue.pendingCount == 1)
        #expect(queue.lastError is BatchQueueClosed)
        #expect(outside.all == [1])
        ExitHook.remove(queue)
    }

    @Test func `a queue that cannot deliver does not close`() async {
        let queue = queue()
        outside.answer.withLock { $0 = .failed(Outside.Failure()) }
        queue.append(1)
        #expect(await !queue.close())
        outside.answer.withLock { $0 = .delivered }
        queue.append(2)
        #expect(await queue.close())
        #expect(outside.all == [1, 2])
    }

    @Test func `the end of the process flushes what is open, and tells of what is lost`() {
        let queue = queue()
        queue.append(1)
        #expect(ExitHook.contains(queue))
        queue.flushAtExit()
        #expect(outside.all == [1])
        #expect(!ExitHook.contains(queue))
        outside.answer.withLock { $0 = .failed(Outside.Failure()) }
        queue.append(2)
        queue.flushAtExit()
        #expect(notices.notices.last?.message.contains("1 entries are lost") == true)
        #expect(notices.notices.last?.cause is Outside.Failure)
        outside.answer.withLock { $0 = .delivered }
        queue.flushAtExit()
    }

    @Test func `elements from many threads all get out, once each`() async {
        let queue = queue(delay: .milliseconds(1), batch: 16)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for number in 0..<500 { queue.append(task * 500 + number) } }
            }
        }
        #expect(await queue.flush())
        #expect(outside.all.sorted() == Array(0..<4000))
    }

    @Test func `a queue that nobody holds any more still delivers`() async throws {
        do {
            let queue = queue(delay: .milliseconds(5))
            for number in 0..<3 { queue.append(number) }
        }
        for _ in 0..<2000 where outside.all.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(outside.all == [0, 1, 2])
    }
}
