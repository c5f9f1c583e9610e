import Foundation
import LLMKitTesting
import Testing

#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import LLMKit
#endif

// BEGIN Reading-the-ledger
/// What a dashboard shows of a day.
struct DailyFigures {
    var users: [String: Money] = [:]
    var features: [String: Money] = [:]
    var failures: [String: Int] = [:]
    var saved = Money.zero
    var retries = 0
    var unpriced = 0
    var firstToken: Duration?

    init(of ledger: Ledger, since: Date, until: Date) async throws {
        for line in try await ledger.summary(since: since, until: until, groupedBy: .user) {
            if let user = line.group { users[user] = line.cost }
        }
        for line in try await ledger.summary(since: since, until: until, groupedBy: .feature) {
            if let feature = line.group { features[feature] = line.cost }
        }
        for line in try await ledger.summary(since: since, until: until, groupedBy: .error) {
            if let code = line.group { failures[code] = line.calls }
        }
        let total = try await ledger.total(since: since, until: until)
        (saved, retries, unpriced) = (total.saved, total.retries, total.unpriced)
        firstToken = total.firstToken.p50
    }
}
// END Reading-the-ledger

@Suite struct ReadingTheLedger {
    @Test func `a day's figures are those of its calls`() async throws {
        let path = NSTemporaryDirectory() + "/llmkit-\(UUID().uuidString).sqlite"
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let ledger = try Ledger(path: path)
        let answer = ChatResponse("42", usage: Usage(input: 1_000, output: 1_000))
        let small = MockProvider(script: [
            .failure(LLMError(.overloaded, retryAfter: .milliseconds(1))), .answer(answer), .answer(answer),
        ])
        let pipeline = try Pipeline(router: .to("small", orOnFailure: "large"), meter: ledger) {
            ChatModel("small", small.retrying(), price: .perMillion(input: 1, output: 2))
            ChatModel("large", MockProvider("42"))
        }
        for user in ["ada", "bob"] {
            let request = ChatRequest("6 x 7?", caller: Caller(user: user, feature: "chat"))
            _ = try await pipeline.stream(request).collect()
        }
        let day = Date()
        let figures = try await DailyFigures(of: ledger, since: day - 3_600, until: day + 3_600)
        #expect(figures.users == ["ada": Money(picodollars: 3_000_000_000), "bob": Money(picodollars: 3_000_000_000)])
        #expect(figures.features == ["chat": Money(picodollars: 6_000_000_000)])
        #expect(figures.failures == ["overloaded": 1])
        #expect((figures.retries, figures.unpriced) == (1, 0))
        #expect(figures.firstToken != nil)
        try await ledger.close()
    }
}
