/// How many input tokens a request has, before a vendor has counted them.
///
/// The one place where tokens are estimated: reservations need a bound that holds, bills of calls whose vendor did not
/// report need the likeliest number.
struct TokenEstimate: Sendable {
    /// No tokenizer in use makes more of the request.
    var upperBound: Int
    /// About what tokenizers make of English.
    var bestGuess: Int

    /// Byte-level tokenizers make at most one token of a byte; most texts have some four bytes a token.
    init(utf8Count: Int) {
        upperBound = utf8Count
        bestGuess = Usage.estimatedTokens(utf8Count: utf8Count)
    }

    init(of request: ChatRequest) {
        self.init(utf8Count: 0)
        var bytes = 0
        // What formats put around messages and tools: under ten tokens in all that are documented.
        var wrapping = 16 + 16 * request.messages.count + 32 * request.tools.count
        for message in request.messages {
            for part in message.parts {
                wrapping += 16
                switch part {
                case .text(let text): bytes += text.utf8.count
                case .image(let image):
                    let tokens = Self.tokens(of: image)
                    upperBound += tokens.upperBound
                    bestGuess += tokens.bestGuess
                case .toolCall(let call): bytes += call.name.utf8.count + call.arguments.utf8.count
                case .toolResult(let result): bytes += result.text.utf8.count
                case .thinking(let thinking):
                    bytes += thinking.text.utf8.count + (thinking.redacted?.utf8.count ?? 0)
                case .vendor(let part): bytes += part.json.description.utf8.count
                }
            }
        }
        for tool in request.tools {
            bytes += tool.name.utf8.count + tool.description.utf8.count + tool.parameters.json.description.utf8.count
        }
        if case .jsonSchema(let schema) = request.responseFormat { bytes += schema.json.description.utf8.count }
        upperBound += bytes + wrapping
        bestGuess += Usage.estimatedTokens(utf8Count: bytes)
    }

    /// Pictures are counted by tiles, which depend on a size that is not known here. The dearest documented count is that
    /// of gpt-4o-mini, 2,833 + 5,667 for each of at most eight tiles (OpenAI, "Images and vision", 2026-11); most models
    /// make about a thousand of one.
    private static func tokens(of image: ChatImage) -> (upperBound: Int, bestGuess: Int) {
        image.detail == .low ? (2_833, 85) : (48_169, 1_024)
    }
}
