import PortableFoundation

/// An answer that does not decode as the type that was asked for: the ``LLMError/cause`` of an `invalidAnswer`.
///
/// It keeps what the error's message must not hold, so that an app can look into it, or ask the model to mend it.
public struct InvalidAnswer: Error, Sendable {
    /// The answer as the model wrote it.
    public var text: String
    /// Where decoding stopped, such as `stops.0.name`; empty for the document as a whole.
    ///
    /// May hold keys of the answer.
    public var path: String
    /// What was wrong there.
    ///
    /// May hold parts of the answer.
    public var reason: String
}

extension ChatResponse {
    /// Decodes a structured answer, for those who asked for it by ``ChatRequest/responseFormat`` themselves.
    /// - Parameter type: what to decode the text as.
    /// - Returns: the decoded answer.
    /// - Throws: ``LLMError``, as ``ModelProvider/respond(to:as:schema:)`` does.
    public func decode<Answer: Decodable>(_ type: Answer.Type) throws(LLMError) -> Answer {
        if let error = incompleteness { throw error }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom(Date.init(iso8601From:))
        do {
            return try decoder.decode(type, from: Data(text.utf8))
        } catch {
            if let inner = text.insideFence, let answer = try? decoder.decode(type, from: Data(inner.utf8)) {
                return answer
            }
            let invalid = InvalidAnswer(text: text, error)
            throw about(
                LLMError(
                    .invalidAnswer,
                    "the answer does not decode as \(type); the error's cause, an InvalidAnswer, holds its text and the place",
                    cause: invalid
                )
            )
        }
    }

    /// The JSON document that a structured answer is, as the model wrote it: without the Markdown fence that some models
    /// put around it, and with keys and numbers untouched.
    ///
    /// For those who hand the document on, rather than decode it. It is not checked against a schema.
    /// - Throws: ``LLMError``, as ``decode(_:)`` does.
    public func document() throws(LLMError) -> JSONText {
        if let error = incompleteness { throw error }
        do throws(LLMError) { return try JSONText(text) } catch {
            if let inner = text.insideFence, let document = try? JSONText(inner) { return document }
            let invalid = InvalidAnswer(text: text, path: "", reason: error.message)
            throw about(
                LLMError(
                    .invalidAnswer,
                    "the answer should be a JSON document, but is \(error.message)",
                    cause: invalid
                )
            )
        }
    }

    /// Why there is nothing to decode, if so.
    private var incompleteness: LLMError? {
        var error: LLMError
        switch finish {
        case .refusal: error = LLMError(.refused, "the model declined to give a structured answer")
        case .contentFilter: error = LLMError(.contentFiltered, "the vendor's filter blocked the structured answer")
        case .length:
            error = LLMError(.truncated, "the structured answer reached the limit on output tokens; raise the limit")
            error.shouldRetry = false
        case .toolCalls:
            error = LLMError(.invalidAnswer, "the model called tools instead of giving a structured answer")
            error.cause = InvalidAnswer(text: text, path: "", reason: "the answer is a tool call")
        default:
            guard state == .truncated else { return nil }
            error = LLMError(.truncated, "the structured answer was cut off")
        }
        return about(error)
    }

    /// The error with what ties it to the call, which was paid for.
    private func about(_ error: LLMError) -> LLMError {
        var error = error
        error.usage = usage
        error.requestID = requestID
        error.vendorRequestID = vendorRequestID
        return error
    }
}

extension InvalidAnswer {
    fileprivate init(text: String, _ error: any Error) {
        var context: DecodingError.Context?
        var key: (any CodingKey)?
        if let error = error as? DecodingError {
            switch error {
            case .dataCorrupted(let found): context = found
            case .keyNotFound(let missing, let found): (context, key) = (found, missing)
            case .typeMismatch(_, let found), .valueNotFound(_, let found): context = found
            @unknown default: break
            }
        }
        let path = (context?.codingPath ?? []) + [key].compactMap { $0 }
        self.text = text
        self.path = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        reason = context?.debugDescription ?? "\(error)"
    }
}

extension Date {
    /// Reads ISO 8601, with or without fractions of a second.
    fileprivate init(iso8601From decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        let formats = [ISO8601FormatStyle(), ISO8601FormatStyle(includingFractionalSeconds: true)]
        for format in formats {
            if let date = try? Date(text, strategy: format) {
                self = date
                return
            }
        }
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a date in ISO 8601")
    }
}

extension String {
    /// What is left of an answer without what models put around it: thoughts in tags before it, and a Markdown fence.
    /// `nil` if there is nothing of the kind.
    var insideFence: String? {
        let start = drop(while: \.isWhitespace)
        guard start.hasPrefix("<think>"), let end = start.firstRange(of: "</think>") else { return insideMarkdownFence }
        let rest = String(start[end.upperBound...])
        return rest.insideMarkdownFence ?? rest
    }

    /// What stands between a Markdown fence's lines, if the text is one fenced block and white space.
    private var insideMarkdownFence: String? {
        // CR LF is one character.
        let lines = split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let isBlank = { (line: Substring) in line.allSatisfy(\.isWhitespace) }
        guard let first = lines.firstIndex(where: { !isBlank($0) }),
            let last = lines.lastIndex(where: { !isBlank($0) }),
            first < last
        else { return nil }
        let opening = lines[first].drop(while: \.isWhitespace)
        let closing = lines[last].filter { !$0.isWhitespace }
        let fence = opening.prefix { $0 == "`" }
        guard fence.count >= 3, closing == fence, !opening.dropFirst(fence.count).contains("`") else { return nil }
        return lines[(first + 1)..<last].joined(separator: "\n")
    }
}
