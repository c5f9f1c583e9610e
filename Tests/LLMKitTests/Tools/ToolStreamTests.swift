import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct `A stream of steps` {
    private typealias Tools = `Conversations with tools`

    @Test func `tells text, calls, results and the end, in order`() async throws {
        let mock = MockProvider(script: [Tools.asking(Tools.call("a", "Hull")), .answer("At 12:40.")])
        var told: [String] = []
        for try await event in try mock.stream("When?", using: [Tools.tide()]) {
            switch event {
            case .answer(.text(let text)): told.append("text \(text)")
            case .answer(.toolCall(let delta)): told.append("piece \(delta.name ?? "")")
            case .answer(.thinking): told.append("thinking")
            case .answer(.end(let response)): told.append("turn \(response.toolCalls.count)")
            case .started(let call): told.append("started \(call.id)")
            case .finished(let run): told.append("finished \(run.result.text)")
            case .end(let talk): told.append("end \(talk.text) \(talk.steps.count)")
            }
        }
        #expect(
            told == [
                "piece tide", "turn 1", "started a", "finished High water in Hull: 12:40", "text At ", "text 12:40.",
                "turn 0",
                "end At 12:40. 2",
            ]
        )
    }

    @Test func `asks nothing before it is read, and gives nothing after its end`() async throws {
        let mock = MockProvider("Hello.")
        let stream = try mock.stream("Hi.", using: [])
        #expect(mock.requests.isEmpty)
        var events = stream.makeAsyncIterator()
        while let event = try await events.next() { if case .end = event { break } }
        #expect(try await events.next() == nil)
        #expect(mock.requests.count == 1)
    }

    @Test func `lets go of the model when its reader leaves`() async throws {
        let mock = MockProvider(script: [.events([.text("a"), .text("b")], ending: .hang)])
        for try await event in try mock.stream("Hi.", using: []) {
            if case .answer(.text) = event { break }
        }
        while mock.running > 0 { await Task.yield() }
    }

    @Test func `tells the model's failure once`() async throws {
        let mock = MockProvider(script: [.events([.text("a")], ending: .failure(LLMError(.server, "broke")))])
        var events = try mock.stream("Hi.", using: []).makeAsyncIterator()
        _ = try await events.next()
        let error = await #expect(throws: LLMError.self) { try await events.next() }
        #expect(error?.code == .server)
        #expect(try await events.next() == nil)
    }

    @Test func `tells a turn that was paid for before what is wrong with it`() async throws {
        var cut = ChatResponse("", usage: Usage(input: 3, output: 2))
        cut.message.parts = [.toolCall(Tools.call("a", "Hull"))]
        cut.finish = .length
        var events = try MockProvider(script: [.answer(cut)]).stream("Hi.", using: [Tools.tide()]).makeAsyncIterator()
        var usage: Usage?
        let error = await #expect(throws: LLMError.self) {
            while let event = try await events.next() { if case .answer(.end(let turn)) = event { usage = turn.usage } }
        }
        #expect(error?.code == .truncated)
        #expect(usage == Usage(input: 3, output: 2))
    }

    @Test func `refuses a senseless set of tools at once`() throws {
        let tide = try Tools.tide()
        let error = #expect(throws: LLMError.self) { try MockProvider("x").stream("Hi.", using: [tide, tide]) }
        #expect(error?.code == .invalidRequest)
    }
}
