import Foundation
import Synchronization
import Testing

@testable import LLMKit

@Suite struct SerialWorkerTests {
    @Test func `jobs run in order, on one thread that is not the caller's`() async {
        let worker = SerialWorker("test")
        let log = Mutex<[(Int, String)]>([])
        for number in 0..<100 {
            worker.enqueue { log.withLock { $0.append((number, currentThread())) } }
        }
        let thread = await worker.run { currentThread() }
        let entries = log.withLock { $0 }
        #expect(entries.map(\.0) == Array(0..<100))
        #expect(Set(entries.map(\.1)) == [thread])
        #expect(thread != currentThread())
    }

    @Test func `errors of a job reach the one who waits`() async {
        let worker = SerialWorker("test")
        await #expect(throws: LLMError.self) {
            try await worker.run { () throws(LLMError) in throw LLMError(.storage, "full") }
        }
    }

    @Test func `a delayed job waits, and holds up no other`() async {
        let worker = SerialWorker("test")
        let log = Mutex<[String]>([])
        let start = ContinuousClock.now
        await withCheckedContinuation { continuation in
            worker.enqueue(after: .milliseconds(30)) {
                log.withLock { $0.append("delayed") }
                continuation.resume()
            }
            worker.enqueue { log.withLock { $0.append("at once") } }
        }
        #expect(log.withLock { $0 } == ["at once", "delayed"])
        #expect(ContinuousClock.now - start >= .milliseconds(30))
    }

    @Test func `dropping a worker runs what is queued, delayed jobs too`() async {
        await withCheckedContinuation { continuation in
            let worker = SerialWorker("test")
            worker.enqueue(after: .seconds(3600)) { continuation.resume() }
        }
    }

    @Test func `blocking waits are bounded`() {
        let worker = SerialWorker("test")
        #expect(worker.runBlocking(limit: .seconds(10)) {})
        let gate = Signal()
        worker.enqueue { _ = gate.wait(until: MonotonicTime.now() + 10_000_000_000) }
        #expect(!worker.runBlocking(limit: .milliseconds(10)) {})
        gate.set()
    }

    @Test func `a thousand tasks may wait for one worker`() async {
        let worker = SerialWorker("test")
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<1000 { group.addTask { await worker.run { number } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 499_500)
    }
}

private func currentThread() -> String { Thread.current.description }
