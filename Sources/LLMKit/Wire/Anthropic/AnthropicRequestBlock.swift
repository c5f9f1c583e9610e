/// One content block of a Messages request.
struct AnthropicRequestBlock {
    var type = ""
    /// What it says.
    var part: ChatMessage.Part?
    /// Whether the prompt should be kept up to here, and then whether for an hour rather than five minutes.
    var cacheForOneHour: Bool?

    /// Blocks that the API takes and only it understands: they are kept as they came.
    private static let foreign: Set<String> = [
        "document", "search_result", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result",
        "code_execution_tool_result", "bash_code_execution_tool_result", "text_editor_code_execution_tool_result",
        "tool_search_tool_result", "container_upload", "mcp_tool_use", "mcp_tool_result", "tool_reference",
    ]

    /// Members of a block by name, as far as any kind of block has them.
    private struct Members {
        var text: String?
        var id: String?
        var name: String?
        var input: JSONText?
        var signature: String?
        var data: String?
        var source: JSONReader?
        var content: JSONReader?
        var isError = false
    }

    static func read(
        _ json: inout JSONReader,
        at path: String,
        losses decoded: inout DecodedRequest
    ) throws(WireError) -> AnthropicRequestBlock {
        var start = json
        var block = AnthropicRequestBlock()
        var members = Members()
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            let place = "\(path).\(name)"
            switch name {
            case "type": block.type = try json.string(at: place)
            case "cache_control": block.cacheForOneHour = try AnthropicMessageDecoder.isOneHour(&json, at: place)
            case "text", "thinking": members.text = try json.string(at: place)
            case "id", "tool_use_id": members.id = try json.string(at: place)
            case "name": members.name = try json.string(at: place)
            case "input": members.input = try json.raw(at: place)
            case "signature": members.signature = try json.string(at: place)
            case "data": members.data = try json.string(at: place)
            case "is_error": members.isError = try json.bool(at: place)
            case "source": members.source = try json.place(at: place)
            case "content": members.content = try json.place(at: place)
            default: try json.skip(at: place)
            }
        }
        if foreign.contains(block.type) {
            block.part = .vendor(VendorPart(origin: AnthropicFormat.wireFormat, json: try start.raw(at: path)))
        } else {
            block.part = try part(block.type, &members, at: path, losses: &decoded, raw: start)
        }
        return block
    }

    private static func part(
        _ type: String,
        _ members: inout Members,
        at path: String,
        losses decoded: inout DecodedRequest,
        raw: JSONReader
    ) throws(WireError) -> ChatMessage.Part {
        func need<Value>(_ value: Value?, _ name: String) throws(WireError) -> Value {
            guard let value else { throw .malformed("\(path).\(name)", "\(path).\(type).\(name): Field required") }
            return value
        }
        switch type {
        case "text": return .text(try need(members.text, "text"))
        case "image":
            var source = try need(members.source, "source")
            if let image = try image(&source, at: "\(path).source") { return .image(image) }
            var raw = raw
            return .vendor(VendorPart(origin: AnthropicFormat.wireFormat, json: try raw.raw(at: path)))
        case "thinking":
            let text = try need(members.text, "thinking")
            let signature = try need(members.signature, "signature")
            return .thinking(Thinking(text, signature: signature, origin: AnthropicFormat.wireFormat))
        case "redacted_thinking":
            return .thinking(Thinking("", redacted: try need(members.data, "data"), origin: AnthropicFormat.wireFormat))
        case "tool_use":
            let input = try need(members.input, "input").description
            guard input.first == "{" else {
                throw .malformed("\(path).input", "\(path).tool_use.input: Input should be an object")
            }
            let id = try need(members.id, "id")
            return .toolCall(ToolCall(id: id, name: try need(members.name, "name"), arguments: input))
        case "tool_result":
            let id = try need(members.id, "tool_use_id")
            let text = try resultText(&members.content, at: "\(path).content", losses: &decoded)
            return .toolResult(ToolResult(callID: id, text: text, isError: members.isError))
        default:
            throw .malformed(
                path,
                "\(path): Input tag '\(type)' found using 'type' does not match any of the expected tags"
            )
        }
    }

    /// The text of a tool's result, whose pictures are lost.
    private static func resultText(
        _ content: inout JSONReader?,
        at path: String,
        losses decoded: inout DecodedRequest
    ) throws(WireError) -> String {
        guard var json = content else { return "" }
        if try json.kind(at: path) == .string { return try json.string(at: path) }
        var text = ""
        try RequestReading.elements(of: &json, at: path) { (path, json) throws(WireError) in
            let block = try read(&json, at: path, losses: &decoded)
            if case .text(let more)? = block.part {
                text += more
            } else {
                decoded.lose("\(block.type) of a tool_result")
            }
        }
        return text
    }

    /// - Returns: `nil` for a file at the vendor, which only the vendor can see.
    private static func image(_ json: inout JSONReader, at path: String) throws(WireError) -> ChatImage? {
        var (type, mediaType, data, url) = ("", String?.none, String?.none, String?.none)
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            let place = "\(path).\(name)"
            switch name {
            case "type": type = try json.string(at: place)
            case "media_type": mediaType = try json.string(at: place)
            case "data": data = try json.string(at: place)
            case "url": url = try json.string(at: place)
            default: try json.skip(at: place)
            }
        }
        switch (type, mediaType, data, url) {
        case ("base64", let mediaType?, let data?, _):
            return ChatImage(.data(try RequestReading.base64(data, at: "\(path).data"), mediaType: mediaType))
        case ("url", _, _, let url?): return ChatImage(.url(url))
        case ("file", _, _, _): return nil
        default:
            throw .malformed(path, "\(path): expected a base64, url or file source with all its members")
        }
    }
}
