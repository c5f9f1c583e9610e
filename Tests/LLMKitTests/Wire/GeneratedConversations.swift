@testable import LLMKit

/// Requests and answers made up from a seed, in the form that a format gives back exactly: what has two spellings is
/// written in the one that is read.
struct GeneratedConversations {
    private var generator: SeededGenerator
    let origin: String
    private var isAnthropic: Bool { origin == AnthropicFormat.wireFormat }

    init(seed: UInt64, origin: String) {
        generator = SeededGenerator(seed: seed)
        self.origin = origin
    }

    private mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
    private mutating func coin() -> Bool { below(2) == 0 }

    private mutating func text() -> String {
        let words = ["pier", "\"tide\"", "line\nbreak", "tab\t", "🦭", "\u{1}", "é", "a\\b", "  ", "data: x", "\r"]
        return (0...below(4)).map { _ in words[below(words.count)] }.joined(separator: " ") + "."
    }

    private mutating func schema() -> JSONSchema {
        let schemas = [
            #"{"type":"object","properties":{"port":{"type":"string"}},"required":["port"],"additionalProperties":false}"#,
            #"{ "type": "object", "properties": {}, "required": [ ], "additionalProperties": false }"#,
        ]
        return JSONSchema(JSONText(validated: schemas[below(2)]))
    }

    private mutating func call(_ number: Int) -> ToolCall {
        ToolCall(
            id: "callNo\(number + 100)",
            name: coin() ? "tide" : "wind",
            arguments: #"{"port":"Lerwick","n":\#(below(9))}"#
        )
    }

    mutating func request() -> ChatRequest {
        var messages: [ChatMessage] = coin() ? [.system(text())] : []
        for turn in 0...below(3) {
            messages.append(userMessage())
            guard coin() else {
                messages.append(assistantMessage([.text(text())]))
                continue
            }
            let calls = (0...below(2)).map { call(turn * 10 + $0) }
            var said: [ChatMessage.Part] = coin() ? [.text(text())] : []
            said += calls.map { .toolCall($0) }
            messages.append(assistantMessage(said))
            let results = calls.map { call in
                ToolResult(callID: call.id, text: text(), isError: isAnthropic && coin())
            }
            if isAnthropic {
                messages.append(ChatMessage(.tool, parts: results.map { .toolResult($0) }))
            } else {
                messages += results.map { ChatMessage(.tool, parts: [.toolResult($0)]) }
            }
            if turn % 2 == 0 { messages.append(assistantMessage([.text(text())])) }
        }
        // A turn ends before the next question: the formats join what one side says twice.
        messages = messages.reduce(into: []) { kept, message in
            if kept.last?.role == .assistant, message.role == .assistant { return }
            kept.append(message)
        }
        var request = ChatRequest(messages, model: "m-large")
        addSettings(to: &request)
        return request
    }

    private mutating func userMessage() -> ChatMessage {
        guard coin() else { return .user(text()) }
        let source: ChatImage.Source =
            coin()
            ? .data((0..<below(9) + 1).map { _ in UInt8(below(256)) }, mediaType: "image/png")
            : .url("https://a.example/b.png?x=1")
        let detail: ChatImage.Detail? = isAnthropic || coin() ? nil : .low
        return ChatMessage(.user, parts: [.text(text()), .image(ChatImage(source, detail: detail)), .text(text())])
    }

    private mutating func assistantMessage(_ parts: [ChatMessage.Part]) -> ChatMessage {
        guard isAnthropic, coin() else { return ChatMessage(.assistant, parts: parts) }
        return ChatMessage(.assistant, parts: [thinking()] + parts)
    }

    private mutating func thinking() -> ChatMessage.Part {
        isAnthropic && coin()
            ? .thinking(Thinking("", redacted: "b3BhcXVl", origin: origin))
            : .thinking(Thinking(text(), signature: isAnthropic ? "c2ln" : nil, origin: origin))
    }

    private mutating func addSettings(to request: inout ChatRequest) {
        if coin() {
            request.tools = [
                Tool("tide", description: text(), parameters: schema(), isStrict: coin() ? coin() : nil),
                Tool("wind", description: "", parameters: schema()),
            ]
            request.toolChoice = [nil, .automatic, ToolChoice.none, .required, .tool("tide")][below(5)]
            request.allowsParallelToolCalls = request.toolChoice == ToolChoice.none || coin() ? nil : coin()
            // In one format the wish about parallel calls is a part of the choice.
            if isAnthropic, request.allowsParallelToolCalls != nil, request.toolChoice == nil {
                request.toolChoice = .automatic
            }
        }
        request.sampling.maxOutputTokens = below(4_096) + 1
        if coin() { request.sampling.temperature = Double(below(100)) / 100 }
        // One format takes either, not both.
        if !isAnthropic || request.sampling.temperature == nil, coin() {
            request.sampling.topP = Double(below(100)) / 100
        }
        if coin() { request.sampling.stop = [text(), "END"] }
        request.reasoningEffort = [nil, .low, .high, ReasoningEffort.none][below(4)]
        if coin() { request.responseFormat = .jsonSchema(schema()) }
        guard !isAnthropic else { return }
        if coin() { request.sampling.seed = below(1_000) - 500 }
        if coin() { request.sampling.logProbabilities = .init(top: below(21)) }
        guard coin() else { return }
        request.responseFormat = .json
        request.messages.insert(.system("In JSON."), at: 0)
    }

    mutating func response() -> ChatResponse {
        var parts: [ChatMessage.Part] = coin() ? [thinking()] : []
        if coin() { parts.append(.text(text())) }
        let calls = parts.isEmpty || coin() ? (0...below(3)).map { call($0) } : []
        parts += calls.map { .toolCall($0) }
        let finish: FinishReason = calls.isEmpty ? [.stop, .length, .other("pause_turn")][below(3)] : .toolCalls
        var usage = Usage(
            input: below(1_000),
            cacheRead: below(1_000),
            cacheWrite5m: below(1_000),
            cacheWrite1h: isAnthropic ? below(1_000) : 0,
            output: below(1_000) + 100,
            reasoning: below(100)
        )
        if !isAnthropic { usage.reportedTotal = usage.total }
        var response = ChatResponse(
            ChatMessage(.assistant, parts: parts),
            finish: finish,
            usage: usage,
            servedModel: "m-large-2026",
            id: "id_\(below(99))"
        )
        response.serviceTier = coin() ? .standard : .flex
        if !isAnthropic, coin() {
            response.logProbabilities = (0..<below(5) + 1).map { index in
                TokenLogProbability(text(), -Double(index) / 8, top: coin() ? [.init(text(), -0.5)] : [])
            }
        }
        return response
    }
}

extension ChatResponse {
    /// The events a provider could have given the answer in.
    var asEvents: [StreamEvent] {
        var events: [StreamEvent] = []
        var call = 0
        for part in message.parts {
            switch part {
            case .text(let text): events += text.split(by: 5).map { .text($0) }
            case .thinking(let thinking) where thinking.redacted == nil:
                events += thinking.text.split(by: 5).map { .thinking($0) }
            case .toolCall(let made):
                events.append(.toolCall(ToolCallDelta(index: call, id: made.id, name: made.name)))
                events += made.arguments.split(by: 5).map { .toolCall(ToolCallDelta(index: call, arguments: $0)) }
                call += 1
            default: break
            }
        }
        return events + [.end(self)]
    }
}

extension String {
    /// Pieces of so many scalars.
    fileprivate func split(by size: Int) -> [String] {
        let scalars = Array(unicodeScalars)
        return stride(from: 0, to: scalars.count, by: size).map { start in
            String(String.UnicodeScalarView(scalars[start..<Swift.min(start + size, scalars.count)]))
        }
    }
}
