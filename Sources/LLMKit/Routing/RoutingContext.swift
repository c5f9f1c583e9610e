/// What a router may use besides the request.
public struct RoutingContext: Sendable {
    /// The pipeline's models.
    public let models: [ChatModel]
    /// The request's scope: its clock and deadline, and the pipeline's models to ask.
    public let scope: RequestScope

    public init(models: [ChatModel], scope: RequestScope = RequestScope()) {
        self.models = models
        self.scope = scope
    }

    /// A number from 0 to just below 1, all equally likely, that is the same for the same request and salt: a replay
    /// decides the same, and a nested pipeline draws what its outer one drew.
    ///
    /// The first 53 bits of FNV-1a over the salt (Fowler, Noll, Vo; 64 bits), mixed with the request's id.
    /// - Parameter salt: what the draw is for; two draws of one request with different salts have nothing in common.
    public func random(_ salt: String = "") -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in salt.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var generator = SeededGenerator(seed: hash ^ scope.requestID.low)
        return generator.unit()
    }

    /// Another model's answer, at the pipeline's expense: for routers that ask a classifier.
    public func ask(_ model: ModelName, _ request: ChatRequest) async throws -> ChatResponse {
        try await scope.ask(model, request, for: .routing)
    }
}
