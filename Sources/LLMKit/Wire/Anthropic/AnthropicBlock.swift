/// One content block of a Messages answer, as it grows.
struct AnthropicBlock: Sendable {
    enum Kind { case text, thinking, redactedThinking, toolUse, other }

    var kind: Kind
    /// The vendor's number of the block, by which pieces find it.
    var index: Int
    /// Text, thinking, the JSON of a tool's arguments, or redacted data, by kind.
    var text = ""
    var signature: String?
    var id = ""
    var name = ""
    /// Which tool call of the answer it is.
    var call = 0
    /// The block as it came, where no part of ours can hold it.
    var raw: JSONText?

    /// Reads a whole block, or the beginning of one.
    static func read(_ json: inout JSONReader, index: Int) throws(JSONReader.Failure) -> AnthropicBlock {
        var start = json
        var block = AnthropicBlock(kind: .other, index: index)
        var input: JSONText?
        var type: String?
        var data: String?
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "type": type = try json.stringIfAny()
            case "text", "thinking": block.text = try json.stringIfAny() ?? ""
            case "signature": block.signature = try json.stringIfAny()
            case "data": data = try json.stringIfAny()
            case "id": block.id = try json.stringIfAny() ?? ""
            case "name": block.name = try json.stringIfAny() ?? ""
            case "input": input = try json.rawValue()
            default: try json.skipValue()
            }
        }
        switch type {
        case "text": block.kind = .text
        case "thinking": block.kind = .thinking
        case "redacted_thinking":
            block.kind = .redactedThinking
            block.text = data ?? ""
        case "tool_use":
            block.kind = .toolUse
            // Streams begin with an empty object and send the arguments in pieces.
            let arguments = input?.description ?? ""
            block.text = arguments == "{}" ? "" : arguments
        default:
            block.text = ""
            block.raw = try start.rawValue()
        }
        return block
    }

    @inline(__always)
    mutating func append(_ more: String) {
        if text.isEmpty { text = more } else { text += more }
    }

    /// The block as a part of a message; `nil` if it holds nothing.
    var part: ChatMessage.Part? {
        switch kind {
        case .text: return text.isEmpty ? nil : .text(text)
        case .thinking:
            guard !text.isEmpty || signature != nil else { return nil }
            // Streams begin blocks with an empty signature, and an empty one signs nothing.
            let signature = signature == "" ? nil : signature
            return .thinking(Thinking(text, signature: signature, origin: AnthropicFormat.wireFormat))
        case .redactedThinking:
            return .thinking(Thinking("", redacted: text, origin: AnthropicFormat.wireFormat))
        case .toolUse: return .toolCall(ToolCall(id: id, name: name, arguments: text))
        case .other: return raw.map { .vendor(VendorPart(origin: AnthropicFormat.wireFormat, json: withInput($0))) }
        }
    }

    /// The block with the input that came in pieces put where streams leave an empty one.
    private func withInput(_ raw: JSONText) -> JSONText {
        guard !text.isEmpty, let input = try? JSONText(text) else { return raw }
        var json = JSONWriter()
        var copy = raw.description
        copy.withUTF8 { bytes in
            json.object { json in
                var reader = JSONReader(bytes)
                do throws(JSONReader.Failure) {
                    try reader.beginObject()
                    while let key = try reader.nextKey() {
                        let value = try reader.rawValue()
                        json.key(key.string)
                        json.raw(key.string == "input" ? input : value)
                    }
                } catch {
                    // The block was walked over when it came, so it cannot fail now.
                }
            }
        }
        return JSONText(validated: String(decoding: json.bytes, as: UTF8.self))
    }
}
