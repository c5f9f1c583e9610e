/// How one vendor's API is written and read by those who call it: everything about it that needs no network.
///
/// A vendor is a value of this kind, its ``AnswerDecoder`` and its ``ErrorNames``; the other direction, as the vendor
/// sees it, is a ``WireService``.
protocol WireFormat: Sendable {
    associatedtype Decoder: AnswerDecoder
    associatedtype Framing: StreamFraming = ServerSentEventParser

    /// What errors call the vendor.
    var vendor: String { get }
    /// The vendor's id of the model.
    var model: String { get }
    /// What the vendor's names for errors mean.
    var errorNames: ErrorNames { get }

    /// Writes a request.
    /// - Throws: ``LLMError`` with code `invalidRequest` or `unsupported`.
    func encode(_ request: ChatRequest, isStream: Bool) throws(LLMError) -> EncodedRequest

    /// The most output tokens that an answer may be billed for, thinking included; `nil` where nothing is set.
    func outputLimit(of request: ChatRequest) -> Int?

    /// A decoder for one answer, whose headers are `head`.
    func decoder(for head: HTTPResponseHead) -> Decoder
}

extension WireFormat {
    func outputLimit(of request: ChatRequest) -> Int? { request.sampling.maxOutputTokens }
}
