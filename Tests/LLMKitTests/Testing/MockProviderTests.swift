import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct MockProviderTests {
    @Test func `a fixed text is answered whole and word by word`() async throws {
        let mock = MockProvider("Paris is  a city")
        #expect(try await mock.respond(to: "Where?").text == "Paris is  a city")
        var pieces: [String] = []
        for try await event in try await mock.stream("Where?") {
            if case .text(let text) = event { pieces.append(text) }
        }
        #expect(pieces == ["Paris ", "is  ", "a ", "city"])
        #expect(mock.requests.map(\.prompt) == ["Where?", "Where?"])
    }

    @Test func `an echo repeats the question`() async throws {
        #expect(try await MockProvider.echo().respond(to: "Hello?").text == "Hello?")
    }

    @Test func `a script is followed to its end, and then says so`() async throws {
        let mock = MockProvider(script: [.answer("one"), .failure(LLMError(.overloaded)), .answer("three")])
        #expect(try await mock.respond(to: "1").text == "one")
        await #expect(throws: LLMError.self) { try await mock.respond(to: "2") }
        #expect(try await mock.respond(to: "3").text == "three")
        let error = await #expect(throws: LLMError.self) { try await mock.respond(to: "4") }
        #expect(error?.message.contains("3 calls") == true)
    }

    @Test func `a stream without its end is truncated, however it is read`() async throws {
        let mock = MockProvider { _, _ in .events([.text("half")]) }
        var iterator = try await mock.stream("Hi").makeAsyncIterator()
        #expect(try await iterator.next() == .text("half"))
        #expect(try await iterator.next() == nil)
        let error = await #expect(throws: LLMError.self) { try await mock.respond(to: "Hi") }
        #expect(error?.code == .truncated)
    }

    @Test func `delays go by the clock that is given`() async throws {
        let time = ManualTime()
        let mock = MockProvider(script: [.answer("late").after(.seconds(3))], time: time)
        let call = Task { try await mock.respond(to: "Hi") }
        await time.waitUntilSleeping(count: 1)
        #expect(mock.running == 1)
        time.advance(by: .seconds(3))
        #expect(try await call.value.text == "late")
        #expect(mock.running == 0)
    }

    @Test func `a call that hangs can be cancelled`() async {
        let mock = MockProvider(script: [.hang])
        let call = Task { try await mock.respond(to: "Hi") }
        while mock.running == 0 { await Task.yield() }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(mock.running == 0)
    }

    @Test func `a stream that is let go no longer runs`() async throws {
        let mock = MockProvider("one two")
        do {
            let stream = try await mock.stream("Hi")
            #expect(mock.running == 1)
            withExtendedLifetime(stream) {}
        }
        #expect(mock.running == 0)
    }
}
