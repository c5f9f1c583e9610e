/// One vendor's API as its servers read and write it: the reverse of a ``WireFormat``, for gateways and simulated vendors.
package protocol WireService: Sendable {
    associatedtype Stream: AnswerStreamEncoder

    /// Reads the body of a request.
    /// - Throws: ``WireError`` for what the vendor would refuse as malformed. What it would take and a ``ChatRequest``
    ///   cannot hold is among the losses.
    func decodeRequest(_ body: [UInt8]) throws(WireError) -> DecodedRequest

    /// Writes a whole answer. Its ``ChatResponse/id`` and ``ChatResponse/servedModel`` should be set.
    func encodeAnswer(_ response: ChatResponse) -> [UInt8]

    /// Begins a streamed answer to `request`.
    /// - Parameters:
    ///   - id: the answer's id.
    ///   - model: the id of the model that answers.
    func stream(answering request: DecodedRequest, id: String, model: String) -> Stream

    /// Writes an error.
    /// - Parameter requestID: what the format calls the failed request, if it tells that in the body.
    func encodeError(_ error: WireError, requestID: String?) -> EncodedError
}

extension WireService {
    /// A refusal to decode, as the rest of the library has it.
    package func llmError(_ error: WireError) -> LLMError {
        LLMError(error.code, error.parameter.map { "\($0): \(error.message)" } ?? error.message)
    }
}

/// Writes the events of one streamed answer, ready to be sent.
///
/// Events come as a provider gives them, ``StreamEvent/end(_:)`` last; what none of them told is told at the end.
package protocol AnswerStreamEncoder: Sendable {
    /// What comes before any event.
    mutating func begin() -> [UInt8]

    /// One event; a format may make none or several of it.
    mutating func encode(_ event: StreamEvent) -> [UInt8]

    /// An error, after which the stream ends.
    mutating func encodeError(_ error: WireError) -> [UInt8]
}
