/// One content block of a Messages answer, as it grows.
struct AnthropicBlock: Sendable {
    enum Kind { case text, thinking, redactedThinking, toolUse, other }

    var kind: Kind
    /// The vendor's number of the block, by which pieces find it.
    var index: Int
    /// Text, thinking, or redacted data, by kind.
    var content = CutText()
    var text: String { content.text }
    /// What a tool is called with, by us or by the vendor.
    var arguments = CallArguments()
    var signature: String?
    var id = ""
    var name = ""
    /// Which tool call of the answer it is.
    var call = 0
    /// The block as it came, where no part of ours can hold it.
    var raw: JSONText?
    /// Members of such a block that streams send in pieces.
    private var growing: [(name: String, text: CutText)] = []
    /// Whether its end was told.
    var isClosed = false
    /// Whether the arguments of a call came whole with its beginning.
    var hasWholeInput = false
    /// Whether sources are cited, for which a text has no place.
    var hasCitations = false

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
            case "type": type = try json.word()
            case "text", "thinking":
                if try json.kind() == .string { _ = try block.content.take(&json) } else { try json.skipValue() }
            case "signature": block.signature = try json.word()
            case "data": data = try json.stringIfAny()
            case "id": block.id = try json.word() ?? ""
            case "name": block.name = try json.word() ?? ""
            case "input": input = try json.rawValue()
            case "citations": block.hasCitations = try json.holdsSomething()
            default: try json.skipValue()
            }
        }
        switch type {
        case "text": block.kind = .text
        case "thinking": block.kind = .thinking
        case "redacted_thinking":
            block.kind = .redactedThinking
            block.content = CutText(data ?? "")
        case "tool_use":
            block.kind = .toolUse
            // Streams begin with an empty object and send the arguments in pieces.
            let arguments = (input?.description).map { $0.documentInQuotes ?? $0 } ?? ""
            block.hasWholeInput = !["", "{}", "null", "\"\"", "[]"].contains(arguments.filter { !$0.isWhitespace })
            if block.hasWholeInput { block.arguments = CallArguments(whole: arguments) }
        default:
            block.content = CutText()
            block.raw = try start.rawValue()
        }
        return block
    }

    /// A block that nothing began: for a piece of another kind than the block that it is in.
    static func implicit(_ kind: Kind, index: Int) -> AnthropicBlock { AnthropicBlock(kind: kind, index: index) }

    /// Takes a piece of a call's arguments.
    /// - Parameter reader: where the piece stands as a string, for characters that are cut between two pieces.
    /// - Returns: what it adds to them.
    mutating func takeArguments(_ piece: String, _ reader: JSONReader?) throws(JSONReader.Failure) -> String {
        // All of them may have come with the beginning.
        hasWholeInput ? "" : try arguments.take(piece, reader)
    }

    /// Takes a piece of a member that only the vendor understands.
    mutating func grow(_ name: String, _ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .string else { return try json.skipValue() }
        let place = growing.firstIndex { $0.name == name } ?? growing.count
        if place == growing.count {
            guard growing.count < 32 else { return try json.skipValue() }
            growing.append((name, CutText()))
        }
        _ = try growing[place].text.take(&json)
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
        case .toolUse: return .toolCall(ToolCall(id: id, name: name, arguments: arguments.finished))
        case .other: return raw.map { .vendor(VendorPart(origin: AnthropicFormat.wireFormat, json: withPieces($0))) }
        }
    }

    /// The block with what came in pieces put where streams leave it empty.
    private func withPieces(_ raw: JSONText) -> JSONText {
        let input = arguments.isEmpty ? nil : try? JSONText(arguments.json)
        guard input != nil || !growing.isEmpty else { return raw }
        var json = JSONWriter()
        var copy = raw.description
        var rest = growing
        copy.withUTF8 { bytes in
            json.object { json in
                var reader = JSONReader(bytes)
                do throws(JSONReader.Failure) {
                    try reader.beginObject()
                    while let key = try reader.nextKey() {
                        let name = key.string
                        json.key(name)
                        if name == "input", let input {
                            try reader.skipValue()
                            json.raw(input)
                        } else if let place = rest.firstIndex(where: { $0.name == name }) {
                            json.string((try reader.stringIfAny() ?? "") + rest.remove(at: place).text.text)
                        } else {
                            json.raw(try reader.rawValue())
                        }
                    }
                } catch {
                    // The block was walked over when it came, so it cannot fail now.
                }
                for (name, text) in rest {
                    json.key(name)
                    json.string(text.text)
                }
            }
        }
        return JSONText(validated: String(decoding: json.bytes, as: UTF8.self))
    }
}
