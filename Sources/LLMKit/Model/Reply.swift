/// What a provider gave: the whole answer, or one that is still coming.
///
/// Decorators handle both in one place: see ``ProviderDecorator``.
public enum Reply: Sendable {
    case whole(ChatResponse)
    case live(ResponseStream)

    /// The whole answer; of a live one, what is left when it was read to its end.
    /// - Throws: the stream's error.
    public func whole() async throws(LLMError) -> ChatResponse {
        switch self {
        case .whole(let response): response
        case .live(let stream): try await stream.collect()
        }
    }

    /// The live answer; a whole one is played back.
    public var stream: ResponseStream {
        switch self {
        case .whole(let response): ResponseStream(response)
        case .live(let stream): stream
        }
    }

    /// Waits until there is something of the answer: until here, what fails can still go elsewhere.
    /// - Throws: ``LLMError``, with code `truncated` for a stream that ends without any event.
    public func opened() async throws -> Reply {
        guard case .live(let stream) = self else { return self }
        return .live(try await stream.opened())
    }

    /// Runs `body` once: for a whole answer now, for a live one when it ends, fails, or is let go of.
    public func onEnd(_ body: @escaping @Sendable (Result<ChatResponse, LLMError>) -> Void) -> Reply {
        switch self {
        case .whole(let response):
            body(.success(response))
            return self
        case .live(let stream): return .live(stream.onEnd(body))
        }
    }
}
