/// A provider around another one: retry, clocks, limits, guards, prompts.
///
/// One method for whole and live answers alike; everything else is forwarded, so that a decorator can neither lose
/// streaming nor a check. A whole decorator:
///
/// ```swift
/// struct Polite<Base: ModelProvider>: ProviderDecorator {
///     let base: Base
///     func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
///         var request = request
///         request.messages.insert(.system("Be polite."), at: 0)
///         return try await next(request)
///     }
/// }
/// ```
///
/// One whose settings change answers says so, or caches take the answers of one for those of another:
///
/// ```swift
/// var info: ProviderInfo { base.info.decorated.varying(by: "polite in \(language)") }
/// ```
///
/// What must last as long as the answer (a place, a clock, a count) follows it with ``Reply/onEnd(_:)``. What fails until
/// a reply is ``Reply/opened()`` may be tried again; afterwards the reader has seen a part.
///
/// Caches keep the answers of a decorated model apart from those of a plain one, by the decorator's type. Where its
/// settings change answers as well, give such requests a ``ChatRequest/cachePartition``, or the pipeline its own cache.
public protocol ProviderDecorator: ModelProvider {
    associatedtype Base: ModelProvider
    var base: Base { get }

    /// Asks the base: what a decorator is given to go on with, as in any middleware.
    ///
    /// A conformance writes this name, not the type behind it: that one is spelled differently in modules with and without
    /// `NonisolatedNonsendingByDefault`, and this is the same in all of them.
    typealias Next = @Sendable (ChatRequest) async throws -> Reply

    /// Answers a request with the base's help.
    /// - Parameters:
    ///   - request: what is asked.
    ///   - next: asks the base, as often as it is called: for a whole answer where one is wanted, else for a live one.
    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply
}

extension ProviderDecorator {
    /// The base's, and which decorator this is.
    public var info: ProviderInfo { base.info.decorated.varying(by: String(reflecting: Self.self)) }

    public func validate() throws(LLMError) { try base.validate() }

    public func preflight() async throws(LLMError) { try await base.preflight() }

    public func respond(to request: ChatRequest) async throws -> ChatResponse {
        try await around(request) { [base] request in try await base.reply(to: request, isLive: false) }.whole()
    }

    public func stream(_ request: ChatRequest) async throws -> ResponseStream {
        try await around(request) { [base] request in try await base.reply(to: request, isLive: true) }.stream
    }
}

extension ProviderInfo {
    /// The same of a decorator, which wraps each call of its base in an attempt where the base does not do so itself.
    public var decorated: ProviderInfo {
        var info = self
        info.makesAttempts = true
        // It may wait for something of its own.
        info.isStoppable = false
        return info
    }

    /// The same of a decorator that waits for nothing, or stops waiting when its request has ended.
    var decoratedStoppably: ProviderInfo {
        var info = decorated
        info.isStoppable = isStoppable
        return info
    }
}

extension ModelProvider {
    /// Asks for a whole or a live answer, and books the call where the provider does not do so itself.
    ///
    /// This is how whatever combines providers calls them.
    /// - Parameters:
    ///   - request: what is asked.
    ///   - isLive: whether the answer is to come event by event.
    public func reply(to request: ChatRequest, isLive: Bool) async throws -> Reply {
        if info.makesAttempts || request.scope == nil { return try await bareReply(to: request, isLive: isLive) }
        return try await wrappedReply(to: request, isLive: isLive)
    }

    /// Asks for a whole or a live answer, without booking anything.
    func bareReply(to request: ChatRequest, isLive: Bool) async throws -> Reply {
        if isLive { return .live(try await stream(request)) }
        return .whole(try await respond(to: request))
    }

    /// An attempt on the provider's behalf. If the provider makes attempts after all, without having said so, those count
    /// and this one does not.
    @inline(never)
    private func wrappedReply(to request: ChatRequest, isLive: Bool) async throws -> Reply {
        try await request.attempt(info.upstream, tellsSending: false) { attempt in
            var request = request
            request.scope = request.scope?.child(enclosing: attempt.record)
            return try await bareReply(to: request, isLive: isLive)
        }
    }
}
