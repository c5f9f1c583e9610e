/// How one vendor writes requests and answers: everything about it that needs no network.
protocol WireFormat: Sendable {
    associatedtype Decoder: AnswerDecoder

    /// What errors call the vendor.
    var vendor: String { get }
    /// The vendor's id of the model.
    var model: String { get }

    /// Writes the body of a request.
    /// - Throws: ``LLMError`` with code `invalidRequest` or `unsupported`.
    func encode(_ request: ChatRequest, isStream: Bool) throws(LLMError) -> EncodedRequest

    /// The headers that carry the key, and those that every call has.
    func headers(key: String?) -> [HTTPHeader]

    /// A decoder for one answer, whose headers are `head`.
    func decoder(for head: HTTPResponseHead) -> Decoder
}

/// A request as bytes, and what it could not say.
struct EncodedRequest: Sendable {
    var body: [UInt8]
    var losses: [String]
}
