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
        let decoder = JSONDecoder.ofAnswers
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

    /// The JSON document that a structured answer is, as the model wrote it, with keys and numbers untouched, but without
    /// what some models put around it: thoughts in tags, blank lines, and a Markdown fence with words before and after.
    ///
    /// For those who hand the document on, rather than decode it. It is not checked against a schema.
    /// - Throws: ``LLMError``, as ``decode(_:)`` does.
    public func document() throws(LLMError) -> JSONText {
        if let error = incompleteness { throw error }
        do throws(LLMError) { return try JSONText(text.withoutBlankEdges) } catch {
            if let inner = text.insideFence, let document = try? JSONText(inner.withoutBlankEdges) { return document }
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

    /// The JSON document that a structured answer is (``document()``), if it follows the schema that was asked for.
    ///
    /// Most vendors hold their models to a schema, but not all, and not to all of it: ``losses`` tells what was only a wish.
    /// - Parameter schema: what the document must follow. Long checks are kept off the cooperative pool.
    /// - Returns: the document.
    /// - Throws: ``LLMError``, as ``decode(_:)`` does: `invalidAnswer` also for a document that breaks the schema, with an
    ///   ``InvalidAnswer`` whose path is a JSON pointer (RFC 6901); `invalidConfiguration` for a schema with keywords that
    ///   LLMKit does not check, `responseTooLarge` for an answer that takes too long to.
    public func document(following schema: JSONSchema) async throws(LLMError) -> JSONText {
        let document = try document()
        let validator = try JSONSchemaValidator(schema)
        guard let violation = try await validator.violation(in: document) else { return document }
        throw about(
            LLMError(
                .invalidAnswer,
                "the answer does not follow its JSON schema; the error's cause, an InvalidAnswer, holds the place",
                cause: InvalidAnswer(text: text, path: violation.pointer, reason: violation.reason)
            )
        )
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
        let place = (error as? DecodingError)?.place
        self.text = text
        path = place?.path ?? ""
        reason = place?.reason ?? "\(error)"
    }
}

extension JSONDecoder {
    /// Reads what models write.
    static var ofAnswers: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom(Date.init(iso8601From:))
        return decoder
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

    /// What stands in the text's only Markdown fence, or in the only one of several that says it is JSON.
    ///
    /// Words around it are left out: models like to say what they have made. Of two documents nobody knows which is meant.
    private var insideMarkdownFence: String? {
        // CR LF is one character.
        let lines = split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        var blocks: [(info: String, text: String)] = []
        var open: (line: Int, ticks: Int, info: String)?
        for (index, line) in lines.enumerated() {
            let start = line.drop(while: \.isWhitespace)
            let ticks = start.prefix { $0 == "`" }.count
            guard ticks >= 3 else { continue }
            let rest = start.dropFirst(ticks)
            if let block = open {
                guard ticks >= block.ticks, rest.allSatisfy(\.isWhitespace) else { continue }
                blocks.append((block.info, lines[(block.line + 1)..<index].joined(separator: "\n")))
                open = nil
            } else if !rest.contains("`") {
                open = (index, ticks, rest.filter { !$0.isWhitespace }.lowercased())
            }
        }
        // Half of a document is none.
        guard open == nil else { return nil }
        let documents = blocks.count == 1 ? blocks : blocks.filter { $0.info == "json" }
        return documents.count == 1 ? documents[0].text : nil
    }

    /// The text without white space before and after it.
    fileprivate var withoutBlankEdges: String {
        guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
