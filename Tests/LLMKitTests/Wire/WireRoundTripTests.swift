import Testing

@testable import LLMKit

@Suite struct WireRoundTripTests {
    static let openAI = OpenAIService(dialect: .openAI, created: 1_795_400_000)
    static let anthropic = AnthropicService()

    private func openAIBody(_ request: ChatRequest, _ dialect: OpenAIDialect, isStream: Bool) throws -> EncodedRequest {
        let format = OpenAIFormat(model: "m-large", dialect: dialect, dropping: [], extraBody: nil)
        return try format.encode(request, isStream: isStream)
    }

    private func anthropicBody(_ request: ChatRequest, isStream: Bool) throws -> EncodedRequest {
        let format = AnthropicFormat(
            model: "m-large",
            version: "2023-06-01",
            thinking: nil,
            maxOutputTokens: 4_096,
            dropping: [],
            extraBody: nil
        )
        return try format.encode(request, isStream: isStream)
    }

    @Test func `what is written as a chat completion is read as the same request`() throws {
        for seed in 0..<300 as Range<UInt64> {
            var generator = GeneratedConversations(seed: seed, origin: OpenAIDialect.wireFormat)
            let request = generator.request()
            let encoded = try openAIBody(request, .openAI, isStream: seed % 2 == 0)
            let decoded = try Self.openAI.decodeRequest(encoded.body)
            #expect(decoded.request == request, "seed \(seed)")
            #expect(encoded.losses.isEmpty)
            #expect(decoded.losses.isEmpty)
            #expect(decoded.model == "m-large")
            #expect(decoded.isStream == (seed % 2 == 0))
            #expect(decoded.wantsUsage == decoded.isStream)
        }
    }

    @Test(arguments: OpenAIDialect.presets)
    func `every dialect reads what it writes`(dialect: OpenAIDialect) throws {
        for seed in 0..<40 as Range<UInt64> {
            var generator = GeneratedConversations(seed: seed, origin: OpenAIDialect.wireFormat)
            var request = generator.request()
            // What the dialect cannot say.
            if !dialect.capabilities.contains(.jsonSchema) { request.responseFormat = .json }
            if !dialect.capabilities.contains(.logProbabilities) { request.sampling.logProbabilities = nil }
            if !dialect.capabilities.contains(.seed) { request.sampling.seed = nil }
            if !dialect.capabilities.contains(.reasoningEffort) { request.reasoningEffort = nil }
            if dialect.reasoning == .toggle, request.reasoningEffort != ReasoningEffort.none {
                request.reasoningEffort = nil
            }
            if dialect.logProbabilities == .count, request.sampling.logProbabilities?.top == 0 {
                request.sampling.logProbabilities = .init(top: 1)
            }
            if !dialect.capabilities.contains(.images) || !dialect.capabilities.contains(.imageURLs) {
                request.messages = request.messages.map { message in
                    var message = message
                    if message.role == .user { message.parts = [.text(message.text)] }
                    return message
                }
            }
            let service = OpenAIService(dialect: dialect, created: 0)
            var decoded = try service.decodeRequest(try openAIBody(request, dialect, isStream: true).body)
            // Some want content beside calls, be it empty.
            for index in decoded.request.messages.indices where !dialect.rules.takesNullContent {
                decoded.request.messages[index].parts.removeAll { $0 == .text("") }
            }
            #expect(decoded.request == request, "seed \(seed)")
        }
    }

    @Test func `what is written as a message is read as the same request`() throws {
        for seed in 0..<300 as Range<UInt64> {
            var generator = GeneratedConversations(seed: seed, origin: AnthropicFormat.wireFormat)
            let request = generator.request()
            let encoded = try anthropicBody(request, isStream: seed % 2 == 0)
            let decoded = try Self.anthropic.decodeRequest(encoded.body)
            #expect(decoded.request == request, "seed \(seed)")
            #expect(encoded.losses.isEmpty)
            #expect(decoded.losses.isEmpty)
            #expect(decoded.isStream == (seed % 2 == 0))
        }
    }

    @Test func `answers come back as they were, whole and streamed`() throws {
        for seed in 0..<300 as Range<UInt64> {
            try roundTrip(Self.openAI, OpenAIDialect.wireFormat, seed) { OpenAIDecoder() }
            try roundTrip(Self.anthropic, AnthropicFormat.wireFormat, seed) { AnthropicDecoder() }
        }
    }

    private func roundTrip(
        _ service: some WireService,
        _ origin: String,
        _ seed: UInt64,
        _ decoder: () -> some AnswerDecoder
    ) throws {
        var generator = GeneratedConversations(seed: seed, origin: origin)
        let response = generator.response()
        #expect(try Replay.whole(service.encodeAnswer(response), decoder()) == response, "\(origin), seed \(seed)")
        let streamed = try Replay.stream([encode(response.asEvents, of: response, service)], decoder()).response
        #expect(same(streamed, response), "\(origin), seed \(seed)")
        // A provider may give nothing but the end.
        let atOnce = try Replay.stream([encode([.end(response)], of: response, service)], decoder()).response
        #expect(same(atOnce, response), "\(origin), seed \(seed), at once")
    }

    /// What is told at the end of a stream only comes behind the rest.
    private func same(_ streamed: ChatResponse, _ response: ChatResponse) -> Bool {
        var (a, b) = (streamed, response)
        func isLate(_ part: ChatMessage.Part) -> Bool {
            if case .thinking(let thinking) = part { thinking.redacted != nil } else { false }
        }
        for index in [0, 1] {
            var parts = index == 0 ? a.message.parts : b.message.parts
            parts = parts.filter { !isLate($0) } + parts.filter(isLate)
            if index == 0 { a.message.parts = parts } else { b.message.parts = parts }
        }
        return a == b
    }

    private func encode(
        _ events: [StreamEvent],
        of response: ChatResponse,
        _ service: some WireService
    ) -> [UInt8] {
        let request = DecodedRequest(request: "?", model: "m")
        var stream = service.stream(
            answering: request,
            id: response.id ?? "",
            model: response.servedModel ?? ""
        )
        return events.reduce(into: stream.begin()) { $0 += stream.encode($1) }
    }

    @Test(arguments: ["openai_chat", "openai_tools", "anthropic_messages", "anthropic_tools_thinking"])
    func `recorded answers read the same after they are written again`(name: String) throws {
        if name.hasPrefix("openai") {
            try rewrite(name, Self.openAI) { OpenAIDecoder() }
        } else {
            try rewrite(name, Self.anthropic) { AnthropicDecoder() }
        }
    }

    private func rewrite(
        _ name: String,
        _ service: some WireService,
        _ decoder: () -> some AnswerDecoder
    ) throws {
        let whole = try Replay.whole(try Fixture.bytes("\(name).json"), decoder())
        #expect(try Replay.whole(service.encodeAnswer(whole), decoder()) == whole)
        let live = try Replay.stream([try Fixture.bytes("\(name).sse")], decoder())
        let again = try Replay.stream(
            [encode(live.events + [.end(live.response)], of: live.response, service)],
            decoder()
        )
        #expect(again == live)
    }

    @Test func `refusals keep their reason where the format has a place for it`() throws {
        let refused = ChatResponse(.assistant("I can't help with that."), finish: .refusal, servedModel: "m", id: "i")
        #expect(try Replay.whole(Self.openAI.encodeAnswer(refused), OpenAIDecoder()).finish == .refusal)
        #expect(try Replay.whole(Self.anthropic.encodeAnswer(refused), AnthropicDecoder()).finish == .refusal)
        let live = try Replay.stream([encode(refused.asEvents, of: refused, Self.openAI)], OpenAIDecoder())
        #expect(live.response.finish == .contentFilter)
        #expect(live.response.text == refused.text)
    }
}
