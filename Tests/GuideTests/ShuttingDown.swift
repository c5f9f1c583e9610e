import LLMKit
import LLMKitTesting
import Testing

// What the guide on shutting down shows, kept compiling and true.

@Suite struct ShuttingDown {
    // BEGIN Shutting-down
    /// When the process is told to end: a minute at most, in this order.
    func end(_ pipeline: Pipeline, _ ledger: Ledger) async throws {
        // No new requests; those under way go on.
        await pipeline.drain(upTo: .seconds(20))
        // The rest is cancelled, charged as far as it got, and everything is written down.
        await pipeline.shutdown(upTo: .seconds(5))
        try await ledger.close()
    }
    // END Shutting-down

    @Test func `requests after the end are refused`() async throws {
        let ledger = try Ledger(path: ":memory:")
        let pipeline = try Pipeline(router: .to("m"), meter: ledger) { ChatModel("m", MockProvider("x"), price: .free) }
        _ = try await pipeline.respond(to: "Hi.")
        try await end(pipeline, ledger)
        await #expect(throws: LLMError.self) { try await pipeline.respond(to: "Hi.") }
    }
}
