import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct ManualTimeTests {
    @Test func `sleepers wake when their time comes, the earliest first`() async throws {
        let time = ManualTime()
        let awake = Log<Int>()
        let tasks = [3, 1, 2].map { seconds in
            Task {
                try await time.sleep(for: .seconds(seconds))
                awake.append(seconds)
            }
        }
        await time.waitUntilSleeping(count: 3)
        for count in 1...3 {
            time.advance(by: .seconds(1))
            while awake.entries.count < count { await Task.yield() }
        }
        for task in tasks { try await task.value }
        #expect(awake.entries == [1, 2, 3])
        #expect(time.sleeping == 0)
    }

    @Test func `date and clock move together`() {
        let time = ManualTime()
        let (start, date) = (time.now, time.date)
        time.advance(by: .milliseconds(1_500))
        #expect(time.now - start == .milliseconds(1_500))
        #expect(time.date.timeIntervalSince(date) == 1.5)
    }

    @Test func `a cancelled sleeper is gone`() async {
        let time = ManualTime()
        let task = Task { try await time.sleep(for: .seconds(1)) }
        await time.waitUntilSleeping(count: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(time.sleeping == 0)
    }

    @Test func `sleeping until the past returns at once`() async throws {
        let time = ManualTime()
        try await time.sleep(until: time.now)
        try await time.sleep(for: .seconds(-1))
    }
}
