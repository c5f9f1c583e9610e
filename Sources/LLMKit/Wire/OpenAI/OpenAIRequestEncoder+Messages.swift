extension OpenAIRequestEncoder {
    mutating func writeMessages(_ json: inout JSONWriter) {
        json.key("messages")
        json.array(request.messages) { json, message in write(message, to: &json) }
    }

    private mutating func write(_ message: ChatMessage, to json: inout JSONWriter) {
        var content: [ChatMessage.Part] = []
        var calls: [ToolCall] = []
        var thinking: [String] = []
        var members: [JSONText] = []
        var hadMore = false
        for part in message.parts {
            switch part {
            case .text, .image: content.append(part)
            case .vendor(let block) where block.origin == OpenAIDialect.wireFormat: content.append(part)
            case .vendor(let block) where block.origin == OpenAIDialect.messageMembers:
                hadMore = true
                members.append(block.json)
            case .toolCall(let call): calls.append(call)
            // Results are messages of their own here, in front of whatever else their message holds.
            case .toolResult(let result):
                write(result, to: &json)
                hadMore = true
            case .thinking(let thought):
                hadMore = true
                if thought.origin == OpenAIDialect.wireFormat {
                    thinking.append(thought.text)
                } else {
                    losses.insert(.foreignThinking)
                }
            case .vendor:
                hadMore = true
                losses.insert(.foreignPart)
            }
        }
        let returnsThinking = dialect.takesReasoningBack && !calls.isEmpty
        if !returnsThinking, !thinking.isEmpty { losses.insert(.thinking) }
        // Nothing is left of a message that held only results, or only what this vendor does not understand.
        if content.isEmpty, calls.isEmpty, hadMore { return }
        json.object { json in
            json.key("role")
            json.string(message.role.rawValue)
            json.key("content")
            if content.isEmpty, !calls.isEmpty, dialect.rules.takesNullContent {
                json.null()
            } else {
                Self.write(content, to: &json)
            }
            if returnsThinking {
                json.key("reasoning_content")
                json.string(joining: thinking)
            }
            for object in members { writeReturned(object, to: &json) }
            if !calls.isEmpty { write(calls, to: &json) }
        }
    }

    /// Writes those members that this vendor takes back, byte for byte as they came.
    private mutating func writeReturned(_ object: JSONText, to json: inout JSONWriter) {
        var text = object.description
        let isLost = text.withUTF8 { bytes in
            var isLost = false
            var reader = JSONReader(bytes)
            do throws(JSONReader.Failure) {
                try reader.beginObject()
                while let name = try reader.nextKey() {
                    let value = try reader.rawValue()
                    guard dialect.returnedMembers.contains(name.string) else {
                        isLost = true
                        continue
                    }
                    json.key(name.string)
                    json.raw(value)
                }
            } catch {
                // It was put together from members that had been read.
            }
            return isLost
        }
        if isLost { losses.insert(.foreignPart) }
    }

    private mutating func write(_ result: ToolResult, to json: inout JSONWriter) {
        if result.isError { losses.insert(.toolErrorMark) }
        json.object { json in
            json.key("role")
            json.string("tool")
            json.key("tool_call_id")
            json.string(result.callID)
            json.key("content")
            json.string(result.text)
        }
    }

    private mutating func write(_ calls: [ToolCall], to json: inout JSONWriter) {
        let returnsExtra = dialect.returnedMembers.contains("extra_content")
        if calls.contains(where: { $0.extra.map { !returnsExtra || $0.origin != OpenAIDialect.wireFormat } ?? false }) {
            losses.insert(.foreignPart)
        }
        json.key("tool_calls")
        json.array(calls) { json, call in
            json.object { json in
                json.key("id")
                json.string(call.id)
                json.key("type")
                json.string("function")
                json.key("function")
                json.object { json in
                    json.key("name")
                    json.string(call.name)
                    json.key("arguments")
                    json.string(call.arguments)
                }
                if returnsExtra, let extra = call.extra, extra.origin == OpenAIDialect.wireFormat {
                    json.key("extra_content")
                    json.raw(extra.json)
                }
            }
        }
    }

    /// Text alone goes as one string, which every server understands; a list only where there is more.
    private static func write(_ content: [ChatMessage.Part], to json: inout JSONWriter) {
        let texts = content.compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }
        guard texts.count < content.count else { return json.string(joining: texts) }
        json.array(content) { json, part in
            switch part {
            case .text(let text):
                json.object { json in
                    json.key("type")
                    json.string("text")
                    json.key("text")
                    json.string(text)
                }
            case .image(let image): write(image, to: &json)
            case .vendor(let block): json.raw(block.json)
            case .toolCall, .toolResult, .thinking: break
            }
        }
    }

    private static func write(_ image: ChatImage, to json: inout JSONWriter) {
        json.object { json in
            json.key("type")
            json.string("image_url")
            json.key("image_url")
            json.object { json in
                json.key("url")
                switch image.source {
                case .data(let bytes, let mediaType): json.base64(bytes, prefix: "data:\(mediaType);base64,")
                case .url(let url): json.string(url)
                }
                if let detail = image.detail {
                    json.key("detail")
                    json.string(detail.rawValue)
                }
            }
        }
    }
}
