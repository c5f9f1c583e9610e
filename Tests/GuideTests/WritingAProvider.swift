import LLMKit
import LLMKitTesting
import Testing

// BEGIN Writing-a-provider
/// Answers with the paragraph of a handbook that shares the most words with the question: no vendor, no network.
struct Handbook: ModelProvider {
    let paragraphs: [String]
    let info = ProviderInfo(vendor: "handbook", modelID: "handbook-1", capabilities: [], makesAttempts: true)

    func respond(to request: ChatRequest) async throws -> ChatResponse {
        try await request.attempt(info.upstream) { attempt in
            let paragraph = try self.paragraph(for: request)
            attempt.sent()
            return .whole(answer(paragraph, to: request))
        }.whole()
    }

    func stream(_ request: ChatRequest) async throws -> ResponseStream {
        try await request.attempt(info.upstream) { attempt in
            let paragraph = try self.paragraph(for: request)
            attempt.sent()
            return .live(ResponseStream(text: Words(rest: paragraph[...])) { text in answer(text, to: request) })
        }.stream
    }

    func validate() throws(LLMError) {
        if paragraphs.isEmpty { throw LLMError(.invalidConfiguration, "the handbook has no paragraphs") }
    }

    /// What cannot be done is an error: an answer that ignores half of the request would be wrong and look right.
    private func paragraph(for request: ChatRequest) throws -> String {
        guard request.tools.isEmpty, request.responseFormat == .text else {
            throw LLMError(.unsupported, "the handbook answers in plain text, and calls no tools")
        }
        let asked = words(of: request.prompt)
        let rated = paragraphs.map { (text: $0, shared: words(of: $0).intersection(asked).count) }
        guard let best = rated.max(by: { $0.shared < $1.shared }), best.shared > 0 else {
            throw LLMError(LLMError.Code("not_in_handbook"), "no paragraph has a word of the question")
        }
        return best.text
    }

    private func answer(_ text: String, to request: ChatRequest) -> ChatResponse {
        let usage = Usage(
            input: Usage.estimatedTokens(utf8Count: request.prompt.utf8.count),
            output: Usage.estimatedTokens(utf8Count: text.utf8.count),
            isEstimated: true
        )
        return ChatResponse(text, usage: usage)
    }

    private func words(of text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter }.filter { $0.count > 3 }.map(String.init))
    }

    /// A text word by word, each when the reader wants it: nothing runs in between, so nothing must be stopped.
    struct Words: AsyncSequence, AsyncIteratorProtocol, Sendable {
        var rest: Substring

        mutating func next() async -> String? {
            guard !rest.isEmpty else { return nil }
            let end = rest.dropFirst().firstIndex(of: " ") ?? rest.endIndex
            defer { rest = rest[end...] }
            return String(rest[..<end])
        }

        func makeAsyncIterator() -> Words { self }
    }
}
// END Writing-a-provider

@Suite struct WritingAProvider {
    private let handbook = Handbook(paragraphs: [
        "The harbour office is open from eight to six.", "A berth costs twelve crowns a night.",
    ])

    @Test func `the handbook keeps the rules of providers`() async throws {
        try await ProviderConformance(request: "When is the office open?").check(handbook)
    }

    @Test func `the handbook stands in for a vendor, and is booked once`() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("large", orOnFailure: "handbook"), meter: meter) {
            ChatModel("large", MockProvider.failing(LLMError(.server)), price: .free)
            ChatModel("handbook", handbook, price: .free)
        }
        let answer = try await pipeline.stream("What does a berth cost?").collect()
        #expect(answer.text == "A berth costs twelve crowns a night.")
        #expect(answer.upstream?.vendor == "handbook")
        #expect(meter.charges.map(\.kind) == [.failed, .answer])
    }

    @Test func `what the handbook cannot do is an error, and a handbook without pages is found at assembly`() async {
        let request = ChatRequest([.user("When is the office open?")], responseFormat: .json)
        let unsupported = await #expect(throws: LLMError.self) { try await handbook.respond(to: request) }
        #expect(unsupported?.code == .unsupported)
        let unknown = await #expect(throws: LLMError.self) { try await handbook.respond(to: "Xylophone?") }
        #expect(unknown?.code == LLMError.Code("not_in_handbook"))
        #expect(throws: LLMError.self) {
            try Pipeline(router: .to("handbook")) { ChatModel("handbook", Handbook(paragraphs: [])) }
        }
    }
}
