import LLMKitTesting
import Testing

@testable import LLMKit

/// Streams made from sequences of an app's own.
@Suite(.timeLimit(.minutes(5))) struct SequenceStreamTests {
    @Test func `a reader that is cancelled makes no whole answer of the pieces so far, and none is cached`()
        async throws
    {
        let typist = Typist()
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), caches: [.memory()], meter: meter) { ChatModel("m", typist) }
        let isReading = Gate()
        let reader = Task { for try await _ in try await pipeline.stream("dose?") { isReading.open() } }
        await isReading.wait()
        reader.cancel()
        let result = await reader.result
        #expect(throws: LLMError.self) { try result.get() }
        #expect(meter.charges.map(\.kind) == [.failed])
        #expect(meter.charges.map(\.errorCode) == [.cancelled])
        typist.finishes = true
        #expect(try await pipeline.respond(to: "dose?").text == "Take two and stop.")
    }

    @Test func `a sequence of events that ends because its reader is cancelled is cancelled, not cut`() async throws {
        let (events, feed) = AsyncStream.makeStream(of: StreamEvent.self)
        feed.yield(.text("Take two "))
        let stream = ResponseStream(events)
        let isReading = Gate()
        let reader = Task { for try await _ in stream { isReading.open() } }
        await isReading.wait()
        reader.cancel()
        let result = await reader.result
        let error = #expect(throws: LLMError.self) { try result.get() }
        #expect(error?.code == .cancelled)
        feed.finish()
    }
}

/// Types its answer piece by piece; until it is told to finish, it stops in the middle.
private final class Typist: ModelProvider {
    private let feeds = Log<AsyncStream<String>.Continuation>()
    private let mayFinish = Log<Bool>()
    var finishes: Bool {
        get { !mayFinish.entries.isEmpty }
        set { if newValue { mayFinish.append(true) } }
    }

    func respond(to request: ChatRequest) async throws -> ChatResponse { try await type().collect() }

    func stream(_ request: ChatRequest) -> ResponseStream { type() }

    private func type() -> ResponseStream {
        let (pieces, feed) = AsyncStream.makeStream(of: String.self)
        // Whoever lets go of the feed ends the sequence.
        feeds.append(feed)
        feed.yield("Take two ")
        if finishes {
            feed.yield("and stop.")
            feed.finish()
        }
        return ResponseStream(text: pieces) { text in ChatResponse(text, usage: Usage(input: 1, output: 1)) }
    }
}
