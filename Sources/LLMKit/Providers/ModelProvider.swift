/// Something that answers requests: a vendor's API, a local model, a mock, a decorator around another provider, or a
/// whole ``Pipeline``.
///
/// Only ``respond(to:)`` must be written. A whole provider:
///
/// ```swift
/// struct Parrot: ModelProvider {
///     func respond(to request: ChatRequest) -> ChatResponse {
///         ChatResponse(request.prompt, usage: Usage(input: 3, output: 3))
///     }
/// }
/// ```
///
/// Errors should be ``LLMError``s, whose code decides between retry, fallback and giving up; any other error counts as
/// `unknown` and is not retried. A provider must stop its work when its task is cancelled.
public protocol ModelProvider: Sendable {
    /// What the provider is and can do; the default claims everything and names nothing.
    var info: ProviderInfo { get }

    /// Answers a request with a whole answer.
    func respond(to request: ChatRequest) async throws -> ChatResponse

    /// Answers a request event by event; the default plays back ``respond(to:)``.
    func stream(_ request: ChatRequest) async throws -> ResponseStream

    /// Checks settings that can never work; the pipeline calls it when it is assembled. The default finds nothing wrong.
    func validate() throws(LLMError)

    /// Checks what the environment must hold, such as keys, without a call over the network: for the start of an app, see
    /// ``Pipeline/preflight()``. The default finds nothing wrong.
    ///
    /// Apart from ``validate()``, so that a pipeline can be assembled, and tested with mocks, where there are no keys.
    func preflight() async throws(LLMError)
}

extension ModelProvider {
    public var info: ProviderInfo { ProviderInfo() }

    public func validate() throws(LLMError) {}

    public func preflight() async throws(LLMError) {}

    public func stream(_ request: ChatRequest) async throws -> ResponseStream {
        ResponseStream(try await respond(to: request))
    }
}
