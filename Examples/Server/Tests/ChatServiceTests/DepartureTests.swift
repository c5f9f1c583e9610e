import ChatService
import LLMKit
import SimulatedVendors
import Testing

/// A client that leaves stops the upstream, and the ledger has a row of it.
@Suite struct DepartureTests {
    private func leave(_ upstream: Upstream, when hasEnough: @escaping (String) async throws -> Bool) async throws {
        let ledger = try TemporaryLedger()
        try await withServer(small: upstream.model("small"), large: upstream.model("large"), ledger: ledger) { client in
            _ = try await client.post("/chat", #"{"message": "Tell me of the tides."}"#, until: hasEnough)
            #expect(try await eventually(within: .seconds(2)) { upstream.hasHungUp })
            // No stand-in is asked for somebody who has left.
            #expect(try await eventually { try await ledger.rows(by: .error).map(\.group) == ["cancelled"] })
            let row = try #require(try await ledger.rows(by: .model).first)
            #expect((row.group, row[.failed]) == ("small", 1))
        }
    }

    @Test func `in the middle of an answer`() async throws {
        try await leave(try Upstream(tokens: ["High ", "water "])) { $0.contains("water") }
    }

    @Test func `before the first token, while nothing is written`() async throws {
        let upstream = try Upstream(tokens: [])
        try await leave(upstream) { text in
            // The head is there, the model thinks.
            text.contains("\r\n\r\n") ? try await eventually { upstream.hasBegun } : false
        }
    }

    @Test func `of an agent, while it waits for the model`() async throws {
        let upstream = try Upstream(tokens: [])
        let ledger = try TemporaryLedger()
        try await withServer(small: upstream.model("small"), large: upstream.model("large"), ledger: ledger) { client in
            let question = Task { try await client.post("/agent", #"{"message": "When is high water in Oban?"}"#) }
            let hasBegun = try await eventually { upstream.hasBegun }
            question.cancel()
            _ = await question.result
            let hasHungUp = try await eventually(within: .seconds(2)) { upstream.hasHungUp }
            #expect(hasBegun && hasHungUp)
        }
    }

    @Test func `many at once`() async throws {
        // A token of these takes its time.
        let simulation = try Simulation(latencyScale: 100)
        defer { simulation.stop() }
        let ledger = try TemporaryLedger()
        let (small, large) = (simulation.model("small", "gpt-4o-mini"), simulation.model("large", "gpt-4.1"))
        try await withServer(small: small, large: large, ledger: ledger) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let text = try await client.post("/chat", #"{"message": "Tide number \#(number)?"}"#) { text in
                            number % 2 == 0 || text.contains("event: text")
                        }
                        #expect(text.contains("200 OK"))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await eventually { try await ledger.rows(by: .error).first?[.failed] == 20 })
            #expect(try await ledger.rows(by: .error).map(\.group) == ["cancelled"])
        }
    }
}
