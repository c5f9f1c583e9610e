/// Writes a streamed answer as the events of a message.
///
/// Blocks follow one another. What a provider tells only at the end (signatures of thinking, encrypted thinking, blocks of
/// the vendor's own) is sent then: signatures as pieces of the block they belong to, which stays open until then.
package struct AnthropicStreamEncoder: AnswerStreamEncoder {
    private let id: String
    private let model: String
    /// The text of the sender's that ended the answer, if one did.
    package var stopSequence: String?
    private var open: Open?
    private var blockCount = 0
    /// The blocks of thinking whose signature is not known yet.
    private var unsigned: [Int] = []
    /// The block of each tool call, by the call's index.
    private var calls: [Int: Int] = [:]
    private var hasText = false

    /// The block that the next pieces belong to.
    private enum Open: Equatable {
        case text(Int)
        case thinking(Int)
        case call(Int)
    }

    init(id: String, model: String) {
        self.id = id
        self.model = model
    }

    package mutating func begin() -> [UInt8] { begin(Usage()) }

    /// - Parameter usage: what is known of it before the answer; the end tells all of it.
    package mutating func begin(_ usage: Usage) -> [UInt8] {
        event("message_start") { json in
            json.key("message")
            AnthropicAnswerEncoder.writeMessage(
                id: id,
                model: model,
                content: [],
                finish: nil,
                usage: usage,
                tier: .standard,
                to: &json
            )
        } + event("ping") { _ in }
    }

    package mutating func encode(_ event: StreamEvent) -> [UInt8] {
        switch event {
        case .text(let text): return self.text(text)
        case .thinking(let text): return thinking(text)
        case .toolCall(let delta): return toolCall(delta)
        case .end(let response): return end(response)
        }
    }

    package mutating func encodeError(_ error: WireError) -> [UInt8] {
        var output: [UInt8] = []
        let spelling = AnthropicService.spelling(of: error.code)
        let body = AnthropicService.body(of: error, spelling, requestID: nil)
        ServerSentEventWriter.write(body, name: "error", to: &output)
        return output
    }

    private mutating func text(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        hasText = true
        if case .text = open {
        } else {
            output += close()
            open = .text(blockCount)
            output += start { json in
                json.key("type")
                json.string("text")
                json.key("text")
                json.string("")
            }
        }
        return output
            + piece(of: blockCount - 1, "text_delta") { json in
                json.key("text")
                json.string(text)
            }
    }

    private mutating func thinking(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        if case .thinking = open {
        } else {
            output += close()
            open = .thinking(blockCount)
            unsigned.append(blockCount)
            output += start { json in
                json.key("type")
                json.string("thinking")
                json.key("thinking")
                json.string("")
                json.key("signature")
                json.string("")
            }
        }
        return output
            + piece(of: blockCount - 1, "thinking_delta") { json in
                json.key("thinking")
                json.string(text)
            }
    }

    private mutating func toolCall(_ delta: ToolCallDelta) -> [UInt8] {
        var output: [UInt8] = []
        let block: Int
        if let known = calls[delta.index] {
            block = known
        } else {
            output += close()
            block = blockCount
            calls[delta.index] = block
            open = .call(block)
            output += start { json in
                json.key("type")
                json.string("tool_use")
                json.key("id")
                json.string(delta.id ?? "toolu_\(delta.index)")
                json.key("name")
                json.string(delta.name ?? "")
                json.key("input")
                json.object { _ in }
            }
        }
        guard !delta.arguments.isEmpty else { return output }
        return output
            + piece(of: block, "input_json_delta") { json in
                json.key("partial_json")
                json.string(delta.arguments)
            }
    }

    /// What was not told in pieces, the reason for the end with the usage, and the terminal marker.
    private mutating func end(_ response: ChatResponse) -> [UInt8] {
        var output = closing(response)
        output += event("message_delta") { json in
            json.key("delta")
            json.object { json in
                AnthropicAnswerEncoder.writeStop(response.finish, stopSequence, to: &json)
            }
            json.key("usage")
            AnthropicAnswerEncoder.write(response.usage, tier: response.serviceTier, to: &json)
        }
        return output + event("message_stop") { _ in }
    }

    /// Ends all blocks, and sends those that nothing was told of.
    private mutating func closing(_ response: ChatResponse) -> [UInt8] {
        var output: [UInt8] = []
        var signatures: [String?] = []
        var untold: [ChatMessage.Part] = []
        var call = 0
        let toldThinking = unsigned.count
        for part in response.message.parts where AnthropicAnswerEncoder.isKnown(part) {
            switch part {
            case .thinking(let thinking) where thinking.redacted == nil:
                if signatures.count < toldThinking {
                    signatures.append(thinking.signature)
                } else {
                    untold.append(part)
                }
            case .text: if !hasText { untold.append(part) }
            case .toolCall:
                if calls[call] == nil { untold.append(part) }
                call += 1
            case .thinking, .vendor, .image, .toolResult: untold.append(part)
            }
        }
        for (block, signature) in zip(unsigned, signatures) {
            guard let signature else { continue }
            output += piece(of: block, "signature_delta") { json in
                json.key("signature")
                json.string(signature)
            }
        }
        let pending = unsigned
        let last = open
        unsigned = []
        output += close()
        for block in pending where last != .thinking(block) { output += stop(block) }
        for part in untold { output += whole(part) }
        return output
    }

    /// A block that comes in one piece.
    private mutating func whole(_ part: ChatMessage.Part) -> [UInt8] {
        let block = blockCount
        let opening = start(opening: part)
        return opening + stop(block)
    }

    private mutating func start(opening part: ChatMessage.Part) -> [UInt8] {
        let index = blockCount
        blockCount += 1
        return event("content_block_start") { json in
            json.key("index")
            json.int(index)
            json.key("content_block")
            AnthropicConversation.write(part, to: &json)
        }
    }

    private mutating func start(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        let index = blockCount
        blockCount += 1
        return event("content_block_start") { json in
            json.key("index")
            json.int(index)
            json.key("content_block")
            json.object(members)
        }
    }

    /// Ends the block that is open, unless it still waits for its signature.
    private mutating func close() -> [UInt8] {
        defer { open = nil }
        switch open {
        case .text(let block), .call(let block): return stop(block)
        case .thinking(let block): return unsigned.contains(block) ? [] : stop(block)
        case nil: return []
        }
    }

    private func stop(_ block: Int) -> [UInt8] {
        event("content_block_stop") { json in
            json.key("index")
            json.int(block)
        }
    }

    private func piece(of block: Int, _ type: String, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        event("content_block_delta") { json in
            json.key("index")
            json.int(block)
            json.key("delta")
            json.object { json in
                json.key("type")
                json.string(type)
                members(&json)
            }
        }
    }

    private func event(_ name: StaticString, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.key("type")
            json.string(name.description)
            members(&json)
        }
        var output: [UInt8] = []
        ServerSentEventWriter.write(json.bytes, name: name, to: &output)
        return output
    }
}
