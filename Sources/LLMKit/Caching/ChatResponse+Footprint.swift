extension ChatResponse {
    /// About how many bytes the answer's texts take, and what holds them.
    var footprint: Int {
        var bytes = 0
        for part in message.parts { bytes += MemoryLayout<ChatMessage.Part>.stride + part.textBytes }
        for token in logProbabilities ?? [] {
            bytes += MemoryLayout<TokenLogProbability>.stride + token.token.utf8.count
            for other in token.top {
                bytes += MemoryLayout<TokenLogProbability.Alternative>.stride + other.token.utf8.count
            }
        }
        for text in [servedModel, id, vendorRequestID] { bytes += text?.utf8.count ?? 0 }
        for loss in losses { bytes += 16 + loss.utf8.count }
        return bytes
    }
}

extension ChatMessage.Part {
    fileprivate var textBytes: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .image(let image):
            switch image.source {
            case .data(let bytes, let mediaType): bytes.count + mediaType.utf8.count
            case .url(let address): address.utf8.count
            }
        case .toolCall(let call): call.id.utf8.count + call.name.utf8.count + call.arguments.utf8.count
        case .toolResult(let result): result.callID.utf8.count + result.text.utf8.count
        case .thinking(let thinking):
            [thinking.text, thinking.signature, thinking.redacted, thinking.origin]
                .reduce(0) { $0 + ($1?.utf8.count ?? 0) }
        case .vendor(let block): block.origin.utf8.count + block.json.description.utf8.count
        }
    }
}
