import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct ProviderConformanceTests {
    private let suite = ProviderConformance(request: "Say hello.", patience: .seconds(300))

    private func broken(_ provider: some ModelProvider, patience: Duration = .seconds(300)) async -> String {
        let suite = ProviderConformance(request: "Say hello.", patience: patience)
        do {
            try await suite.check(provider)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `good providers pass, decorated or not`() async throws {
        let call = ToolCall(id: "1", name: "t", arguments: #"{"a":1}"#)
        let parts: [ChatMessage.Part] = [.thinking(Thinking("hm, well")), .text("Let me see."), .toolCall(call)]
        let answer = ChatResponse(ChatMessage(.assistant, parts: parts), finish: .toolCalls)
        let caller = MockProvider { _, _ in .answer(answer) }
        try await suite.check(MockProvider("Hello there"))
        try await suite.check(caller)
        try await suite.check(
            MockProvider("Hello there").retrying().timeouts(idle: .seconds(60)).concurrencyLimit(2)
        )
    }

    @Test func `a provider that hangs when it is cancelled is found`() async {
        struct Deaf: ModelProvider {
            let calls = Counter()
            let gate: Gate
            func respond(to request: ChatRequest) async throws -> ChatResponse {
                if Task.isCancelled || calls.next() > 6 { await gate.wait() }
                return ChatResponse("Hello")
            }
        }
        let gate = Gate()
        #expect(await broken(Deaf(gate: gate), patience: .seconds(3)).contains("within the suite's patience"))
        gate.open()
    }

    @Test func `a provider that goes on after its reader left is found`() async {
        struct Tireless: ModelProvider {
            let hasStopped: Gate
            func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("Hello") }
            func stream(_ request: ChatRequest) -> ResponseStream {
                let (events, feed) = AsyncStream.makeStream(of: StreamEvent.self)
                for event in [.text("Hello"), .end(ChatResponse("Hello"))] as [StreamEvent] { feed.yield(event) }
                Task {
                    await hasStopped.wait()
                    feed.finish()
                }
                return ResponseStream(events)
            }
        }
        let gate = Gate()
        let found = await broken(Tireless(hasStopped: gate), patience: .seconds(3))
        #expect(found.contains("after its reader left after the first event"))
        #expect(found.contains("after nobody read of it"))
        #expect(found.contains("stream(_:) has ended after its task was cancelled, but what it started goes on"))
        gate.open()
    }

    @Test func `a provider that waits for what nobody reads is found`() async {
        /// Hands over each event to a reader that has taken the one before.
        actor HandOver: AsyncSequence, AsyncIteratorProtocol {
            private var event: StreamEvent?
            private var changes: [CheckedContinuation<Void, Never>] = []

            private func change() async { await withCheckedContinuation { changes.append($0) } }

            private func tell() {
                for waiting in changes { waiting.resume() }
                changes = []
            }

            func give(_ event: StreamEvent) async {
                while self.event != nil { await change() }
                self.event = event
                tell()
            }

            func next() async -> StreamEvent? {
                while event == nil { await change() }
                defer { tell() }
                return event.take()
            }

            nonisolated func makeAsyncIterator() -> HandOver { self }

            /// Ends all waiting, for the end of the test.
            func giveUp() {
                event = nil
                tell()
            }
        }

        struct Patient: ModelProvider {
            let streams = Log<HandOver>()
            func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("Hello") }
            func stream(_ request: ChatRequest) -> ResponseStream {
                let events = HandOver()
                streams.append(events)
                Task {
                    await events.give(.text("Hello"))
                    await events.give(.end(ChatResponse("Hello")))
                }
                return ResponseStream(events)
            }
        }
        let provider = Patient()
        let found = await broken(provider, patience: .seconds(3))
        #expect(found.contains("or waits for a reader, after nobody read of it"))
        for stream in provider.streams.entries { await stream.giveUp() }
    }

    @Test func `broken streams are found`() async {
        let end = StreamEvent.end(ChatResponse("Hello"))
        func stream(_ events: [StreamEvent]) -> MockProvider {
            MockProvider { _, _ in .events(events) }
        }
        #expect(await broken(stream([.text("Hello")])).contains("must have exactly one end"))
        #expect(await broken(stream([.text("Hel"), end])).contains("do not add up to the text"))
        #expect(await broken(stream([.text("Hello"), end, .text("!")])).contains("last event of a stream"))
        #expect(await broken(stream([.text("Hello"), end, end])).contains("has 2"))
        let delta = StreamEvent.toolCall(ToolCallDelta(index: 0, id: "1", name: "t", arguments: "{}"))
        #expect(await broken(stream([.text("Hello"), delta, end])).contains("pieces of tool calls"))
    }

    @Test func `whole and streamed answers that differ are found`() async {
        struct Forked: ModelProvider {
            func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("A", usage: Usage(output: 1)) }
            func stream(_ request: ChatRequest) -> ResponseStream {
                ResponseStream(ChatResponse(ChatMessage(.assistant, "B"), finish: .length, usage: Usage(output: 2)))
            }
        }
        let found = await broken(Forked())
        for rule in ["different texts", "different usage", "finish differently"] { #expect(found.contains(rule)) }
        #expect(!found.contains("tool calls"))
    }

    @Test func `answers of the wrong form are found`() async {
        var response = ChatResponse(ChatMessage(.user, parts: []), usage: Usage(input: -1, reportedTotal: 9))
        response.state = .truncated
        let found = await broken(MockProvider { [response] _, _ in .answer(response) })
        for rule in ["role must be assistant", "is empty", "must be complete", "do not add up", "negative"] {
            #expect(found.contains(rule))
        }
    }

    @Test func `a provider that mixes up its callers is found`() async {
        let counter = Counter()
        let mixed = MockProvider { _, _ in .answer("answer \(counter.next())") }
        #expect(await broken(mixed).contains("get each other's answers"))
    }
}
