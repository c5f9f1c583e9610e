import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct `Conversations with tools` {
    struct Place: Decodable { var harbour: String }

    static func tide() throws -> RunnableTool {
        try RunnableTool("tide", description: "Tells when the water is high.", timeLimit: nil) { (place: Place) in
            guard place.harbour != "Atlantis" else { throw ToolFailure("no harbour Atlantis") }
            return "High water in \(place.harbour): 12:40"
        }
    }

    static func asking(_ calls: ToolCall...) -> MockOutcome {
        var response = ChatResponse("", usage: Usage(input: 10, output: 5))
        response.message.parts = calls.map { .toolCall($0) }
        response.finish = .toolCalls
        return .answer(response)
    }

    static func call(_ id: String, _ harbour: String, name: String = "tide") -> ToolCall {
        ToolCall(id: id, name: name, arguments: #"{"harbour":"\#(harbour)"}"#)
    }

    static func results(_ request: ChatRequest?) -> [ToolResult] {
        request?.messages.flatMap(\.parts).compactMap { if case .toolResult(let result) = $0 { result } else { nil } }
            ?? []
    }

    @Test func `what the model asks for is run, told, and ends in its words`() async throws {
        let mock = MockProvider(script: [
            Self.asking(Self.call("a", "Hull"), Self.call("b", "Elsin")),
            .answer(ChatResponse("At 12:40.", usage: Usage(input: 30, output: 4))),
        ])
        let talk = try await mock.respond(to: "When is high water?", using: [Self.tide()])
        #expect(talk.text == "At 12:40.")
        #expect(talk.messages.map(\.role) == [.user, .assistant, .tool, .tool, .assistant])
        #expect(talk.runs.map(\.result.text) == ["High water in Hull: 12:40", "High water in Elsin: 12:40"])
        #expect(talk.usage == Usage(input: 40, output: 9))
        #expect(talk.steps.map(\.runs.count) == [2, 0])
        #expect(!talk.reachedLimit)
        #expect(mock.requests.map(\.tools) == [[try Self.tide().tool], [try Self.tide().tool]])
    }

    @Test func `every turn is booked under one conversation, and the sum is their cost`() async throws {
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Hull")), .answer("At 12:40.")])
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), meter: meter) {
            ChatModel("m", mock, price: Price(rates: .init(input: 10, output: 100)))
        }
        let talk = try await pipeline.respond(to: "When is high water?", using: [Self.tide()])
        #expect(Set(meter.charges.map(\.caller.conversation)).count == 1)
        #expect(meter.charges.count == 2)
        #expect(meter.charges.first?.caller.conversation != nil)
        #expect(talk.cost == meter.charges.reduce(Money.zero) { $0 + ($1.cost ?? .zero) })
        #expect(talk.cost != .zero)
    }

    @Test func `the app's own conversation is kept`() async throws {
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Hull")), .answer("At 12:40.")])
        _ = try await mock.respond(
            to: ChatRequest("When?", caller: Caller(conversation: "c7")),
            using: [Self.tide()]
        )
        #expect(mock.requests.map(\.caller.conversation) == ["c7", "c7"])
    }

    @Test func `mistakes of the model and failures of tools are told to the model`() async throws {
        let secret = try RunnableTool("secret", description: "", timeLimit: nil) { (_: Place) -> String in
            throw LLMError(.server, "password hunter2")
        }
        let mock = MockProvider(script: [
            Self.asking(
                ToolCall(id: "a", name: "tide", arguments: "{"),
                ToolCall(id: "b", name: "tide", arguments: #"{"port":"Hull"}"#),
                Self.call("c", "Atlantis"),
                Self.call("d", "Hull", name: "moon"),
                Self.call("e", "Hull", name: "secret")
            ), .answer("I do not know."),
        ])
        let talk = try await mock.respond(to: "When?", using: [Self.tide(), secret])
        let results = Self.results(mock.requests.last)
        #expect(results.map(\.callID) == ["a", "b", "c", "d", "e"])
        #expect(!results.contains { !$0.isError })
        #expect(results[1].text.contains("harbour"))
        #expect(results[2].text == "no harbour Atlantis")
        #expect(results[3].text == "there is no tool 'moon'; there are: secret, tide")
        #expect(results[4].text == "the tool failed")
        #expect(talk.runs[4].error?.message == "password hunter2")
        #expect(talk.runs[0].error?.cause is InvalidArguments)
    }

    @Test func `after its last round the model must answer without tools`() async throws {
        let mock = MockProvider { request, call in
            if case ToolChoice.none? = request.toolChoice { return .answer("Enough.") }
            return Self.asking(Self.call("\(call)", "Hull"))
        }
        let talk = try await mock.respond(to: "When?", using: [Self.tide()], maxRounds: 3)
        #expect(talk.reachedLimit && talk.text == "Enough.")
        #expect(mock.requests.count == 4)
        #expect(mock.requests.last?.tools.isEmpty == false)
    }

    @Test func `a model that calls tools although it must not is an error`() async throws {
        let mock = MockProvider { _, call in Self.asking(Self.call("\(call)", "Hull")) }
        let error = await #expect(throws: LLMError.self) {
            try await mock.respond(to: "When?", using: [Self.tide()], maxRounds: 2)
        }
        #expect(error?.code == .attemptsExhausted)
        #expect(mock.requests.count == 3)
    }

    @Test func `a vendor that pauses is asked to go on, and no call is run that was forbidden`() async throws {
        var pause = ChatResponse("Searching")
        pause.finish = .other("pause_turn")
        let mock = MockProvider(script: [.answer(pause), .answer("At 12:40.")])
        #expect(try await mock.respond(to: "When?", using: [Self.tide()]).text == "At 12:40.")
        let endless = MockProvider { [pause] _, _ in .answer(pause) }
        #expect(try await endless.respond(to: "When?", using: [Self.tide()], maxRounds: 3).steps.count == 4)
        var forbidding: ChatRequest = "When?"
        forbidding.toolChoice = ToolChoice.none
        let disobedient = MockProvider(script: [Self.asking(Self.call("a", "Hull"))])
        let error = await #expect(throws: LLMError.self) {
            try await disobedient.respond(to: forbidding, using: [Self.tide()])
        }
        #expect(error?.code == .malformedResponse)
    }

    @Test func `a demanded call is demanded once`() async throws {
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Hull")), .answer("At 12:40.")])
        var request: ChatRequest = "When?"
        request.toolChoice = .required
        _ = try await mock.respond(to: request, using: [Self.tide()])
        #expect(mock.requests.map(\.toolChoice) == [.required, nil])
    }

    @Test func `no more calls run at once than allowed, and results keep their order`() async throws {
        let running = Mutex((now: 0, most: 0))
        let slow = try RunnableTool("tide", description: "", timeLimit: nil) { (place: Place) in
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            for _ in 0..<20 { await Task.yield() }
            running.withLock { $0.now -= 1 }
            return place.harbour
        }
        let calls = (0..<9).map { Self.call("\($0)", "h\($0)") }
        var response = ChatResponse("")
        response.message.parts = calls.map { .toolCall($0) }
        let mock = MockProvider(script: [.answer(response), .answer("Done.")])
        let talk = try await mock.respond(to: "When?", using: [slow], maxParallelCalls: 3)
        #expect(talk.runs.map(\.result.text) == (0..<9).map { "h\($0)" })
        #expect(running.withLock { $0.most } <= 3)
    }

    @Test func `a tool that takes too long is told as such, and the others' results count`() async throws {
        let time = ManualTime()
        let endless = try RunnableTool("tide", description: "", timeLimit: .seconds(5)) { (place: Place) in
            if place.harbour == "Hull" { try await time.sleep(for: .seconds(3600)) }
            return "12:40"
        }
        let mock = MockProvider(script: [
            Self.asking(Self.call("a", "Hull"), Self.call("b", "Elsin")), .answer("Done."),
        ])
        let talk = Task { try await mock.respond(to: "When?", using: [endless], time: time) }
        // The tool's own sleep and the clock's: the other call's clock may or may not be over.
        await time.waitUntilSleeping(count: 2)
        time.advance(by: .seconds(5))
        let runs = try await talk.value.runs
        #expect(runs.map(\.result.text) == ["the tool took too long; it may still take effect", "12:40"])
        #expect(runs.map(\.error?.code) == [.timeout, nil])
        #expect(runs[0].duration == .seconds(5))
    }

    @Test func `a deadline that passes while a tool runs ends the conversation`() async throws {
        let time = ManualTime()
        let endless = try RunnableTool("tide", description: "", timeLimit: nil) { (_: Place) in
            try await time.sleep(for: .seconds(3600))
            return ""
        }
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Hull"))])
        var request: ChatRequest = "When?"
        request.deadline = time.now + .seconds(9)
        let talk = Task { [request] in try await mock.respond(to: request, using: [endless], time: time) }
        await time.waitUntilSleeping(count: 2)
        time.advance(by: .seconds(9))
        let error = await #expect(throws: LLMError.self) { try await talk.value }
        #expect(error?.code == .timeout)
    }

    @Test func `cancelling the caller cancels the tools that run`() async throws {
        let (started, told) = (AsyncStream<Void>.makeStream(), AsyncStream<Bool>.makeStream())
        let endless = try RunnableTool("tide", description: "", timeLimit: nil) { (_: Place) in
            started.continuation.yield()
            try? await Task.sleep(for: .seconds(600))
            told.continuation.yield(Task.isCancelled)
            return ""
        }
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Hull"))])
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock) }
        var request: ChatRequest = "When?"
        let id = RequestID.random()
        request.requestID = id
        let talk = Task { [request] in try await pipeline.respond(to: request, using: [endless]) }
        for await _ in started.stream { break }
        talk.cancel()
        for await isCancelled in told.stream {
            #expect(isCancelled)
            break
        }
        let error = await #expect(throws: LLMError.self) { try await talk.value }
        #expect(error?.code == .cancelled && error?.requestID == id)
    }

    @Test(arguments: [
        (FinishReason.length, LLMError.Code.truncated), (.contentFilter, .contentFiltered), (.refusal, .refused),
        (.other("unknown"), .truncated),
    ])
    func `of a turn that did not end well nothing is run`(finish: FinishReason, code: LLMError.Code) async throws {
        let ran = Mutex(0)
        let tool = try RunnableTool("tide", description: "", timeLimit: nil) { (_: Place) in
            ran.withLock { $0 += 1 }
            return ""
        }
        var response = ChatResponse("")
        response.message.parts = [.toolCall(Self.call("a", "Hull"))]
        response.finish = finish
        response.usage = Usage(input: 3, output: 2)
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Elsin", name: "moon")), .answer(response)])
        let error = await #expect(throws: LLMError.self) { try await mock.respond(to: "When?", using: [tool]) }
        #expect(error?.code == code)
        #expect(error?.usage == Usage(input: 13, output: 7))
        #expect(ran.withLock { $0 } == 0)
    }

    @Test func `no limit on parallel calls is a limit, too, and a function that ignores its end is left behind`()
        async throws
    {
        let (started, start) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let deaf = try RunnableTool("tide", description: "", timeLimit: nil) { (_: Place) in
            start.yield()
            // Waits in a task of its own, which the cancellation does not reach.
            await Task.detached { for await _ in released { break } }.value
            return ""
        }
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Hull"))])
        let talk = Task { try await mock.respond(to: "When?", using: [deaf], maxParallelCalls: .max) }
        for await _ in started { break }
        talk.cancel()
        let error = await #expect(throws: LLMError.self) { try await talk.value }
        #expect(error?.code == .cancelled)
        release.yield()
    }

    @Test(arguments: [FinishReason.toolCalls, .stop])
    func `nor is anything run of a turn whose end never came`(finish: FinishReason) async throws {
        var response = ChatResponse("")
        response.message.parts = [.toolCall(Self.call("a", "Hull"))]
        response.finish = finish
        response.state = .truncated
        let mock = MockProvider(script: [.answer(response)])
        let error = await #expect(throws: LLMError.self) { try await mock.respond(to: "When?", using: [Self.tide()]) }
        #expect(error?.code == .truncated)
    }

    @Test func `more calls in a turn than anybody needs are refused, not run`() async throws {
        var response = ChatResponse("")
        response.message.parts = (0..<130).map { .toolCall(Self.call("\($0)", "h\($0)")) }
        let mock = MockProvider(script: [.answer(response), .answer("Done.")])
        let talk = try await mock.respond(to: "When?", using: [Self.tide()])
        #expect(talk.runs.count == 130)
        #expect(talk.runs.count { $0.result.isError } == 2)
        #expect(talk.runs.last?.result.text.contains("too many") == true)
    }

    @Test func `a result that no model should read is refused`() async throws {
        let huge = RunnableTool("tide", description: "", timeLimit: nil) { String(repeating: "a", count: 2 << 20) }
        let mock = MockProvider(script: [Self.asking(Self.call("a", "Hull")), .answer("Done.")])
        let talk = try await mock.respond(to: "When?", using: [huge])
        #expect(talk.runs[0].result.isError && talk.runs[0].result.text.utf8.count < 200)
    }

    @Test func `tools that cannot be told apart or run are refused before anything is asked`() async throws {
        let mock = MockProvider("never")
        let tide = try Self.tide()
        var stray: ChatRequest = "When?"
        stray.tools = [Tool("moon", description: "", parameters: tide.tool.parameters)]
        for (request, tools, rounds) in [
            ("When?" as ChatRequest, [tide, tide], 8), (stray, [tide], 8), ("When?", [tide], 0),
        ] {
            let error = await #expect(throws: LLMError.self) {
                try await mock.respond(to: request, using: tools, maxRounds: rounds)
            }
            #expect(error?.code == .invalidRequest)
        }
        #expect(mock.requests.isEmpty)
    }
}
