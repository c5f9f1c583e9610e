extension ModelProvider {
    /// Asks for an answer of a given type: the vendor is held to a JSON schema, and what it returns is decoded.
    ///
    /// ```swift
    /// struct Trip: Decodable { var city: String, days: Int, hotel: String? }
    /// let trip = try await pipeline.respond(to: "Plan a weekend in Lyon.", as: Trip.self)
    /// ```
    ///
    /// Dates are read as ISO 8601. Where the text does not decode as it stands, what models put around a document is taken
    /// off: thoughts in tags, and a Markdown fence with words before and after it.
    /// - Parameters:
    ///   - request: what to ask; its ``ChatRequest/responseFormat`` is replaced.
    ///   - type: what to decode the answer as.
    ///   - schema: what to hold the vendor to; derived from the type if `nil`, see ``JSONSchema/init(for:name:)``.
    /// - Returns: the decoded answer.
    /// - Throws: ``LLMError``: `refused`, `contentFiltered` or `truncated` if the model did not give a whole answer,
    ///   `invalidAnswer` with an ``InvalidAnswer`` as its cause if it does not decode, or whatever the provider throws.
    public func respond<Answer: Decodable & Sendable>(
        to request: ChatRequest,
        as type: Answer.Type,
        schema: JSONSchema? = nil
    ) async throws(LLMError) -> Answer {
        try await typedResponse(to: request, as: type, schema: schema).answer
    }

    /// As ``respond(to:as:schema:)``, with the response beside the decoded answer: what it cost, the tokens, the cache that
    /// served it, the model.
    ///
    /// ```swift
    /// let trip = try await pipeline.typedResponse(to: "Plan a weekend in Lyon.", as: Trip.self)
    /// print(trip.answer.city, trip.response.cost ?? "price unknown")
    /// ```
    /// - Parameters:
    ///   - request: what to ask; its ``ChatRequest/responseFormat`` is replaced.
    ///   - type: what to decode the answer as.
    ///   - schema: what to hold the vendor to; derived from the type if `nil`.
    /// - Returns: the decoded answer, and what it was decoded from.
    /// - Throws: ``LLMError``, as ``respond(to:as:schema:)`` does; its ``LLMError/usage`` says what an answer that did not decode
    ///   took.
    public func typedResponse<Answer: Decodable & Sendable>(
        to request: ChatRequest,
        as type: Answer.Type,
        schema: JSONSchema? = nil
    ) async throws(LLMError) -> TypedResponse<Answer> {
        var request = request
        let wanted = if let schema { schema } else { try JSONSchema(for: type) }
        request.responseFormat = .jsonSchema(wanted)
        let response: ChatResponse
        do {
            response = try await respond(to: request)
        } catch {
            throw LLMError(wrapping: error)
        }
        // A long answer takes milliseconds to decode.
        guard response.text.utf8.count > StepBudget.inlineBytes else {
            return TypedResponse(answer: try response.decode(type), response: response)
        }
        let long = response
        let answer = try await WorkerPool.shared.run { () throws(LLMError) in try long.decode(type) }
        return TypedResponse(answer: answer, response: response)
    }
}

/// A decoded answer, and the response that it was decoded from.
public struct TypedResponse<Answer: Sendable>: Sendable {
    public var answer: Answer
    /// Cost, usage, model, the cache that served it, and the text.
    public var response: ChatResponse
}
