import Hummingbird

extension Request {
    /// Decodes the body and keeps it, so that the connection can be watched afterwards.
    mutating func take<Body: Decodable>(_ type: Body.Type, in context: BasicRequestContext) async throws -> Body {
        // `decode` alone reads the body from the connection and leaves nothing. Watching it afterwards waits for an end of
        // the body that has passed, and the client's departure then ends the process (Hummingbird 2.28: "Deinited
        // NIOAsyncSequenceProducer.Source without calling source.finish()"). It does so only when a client leaves early.
        _ = try await collectBody(upTo: context.maxUploadSize)
        return try await decode(as: type, context: context)
    }

    /// Does something for the client, and cancels it when the client leaves: also while nothing is written, because no
    /// token has come, when no write would notice.
    ///
    /// - The body must have been read by ``take(_:in:)``. Whoever watches reads from the connection, and only one may: two
    ///   readers end the process.
    /// - Once for each request: afterwards the connection is used up, and Hummingbird closes it.
    /// - A client that closes only its own side of the connection counts as having left.
    func whileClientStays<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        try await body.consumeWithCancellationOnInboundClose { _ in try await work() }
    }
}

extension Response {
    /// Says that the connection is used up, as it is after ``Hummingbird/Request/whileClientStays(_:)``: a proxy that keeps
    /// connections would send its next request into one that closes.
    consuming func closingConnection() -> Response {
        headers[.connection] = "close"
        return self
    }
}
