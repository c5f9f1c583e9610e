/// An answer whose body is still arriving; letting go of it closes the transfer.
final class HTTPStream: Sendable {
    let head: HTTPResponseHead
    /// Until the connection stood; zero on a reused one.
    let connect: Duration
    private let transfer: Transfer
    private let loop: TransferLoop

    init(_ transfer: Transfer, loop: TransferLoop) throws(LLMError) {
        (head, connect) = try transfer.takeHead()
        self.transfer = transfer
        self.loop = loop
    }

    /// Whether the transfer is over: nothing more will arrive.
    var isDone: Bool { transfer.isDone }

    deinit {
        if !transfer.isDone { loop.send(.stop(transfer)) }
    }

    /// All bytes that have arrived since the last call, waiting for some if there are none; `nil` after the end.
    ///
    /// A reader that lags far behind stops the transfer until it has caught up, so that memory stays bounded.
    /// - Throws: ``LLMError`` with code `timeout` if one of the clocks runs out, `cancelled` if the task is cancelled,
    ///   `responseTooLarge` if all pieces together exceed ``HTTPClient/Configuration/maxBodyBytes``, and `network` if the
    ///   connection breaks. Bytes that arrived before are delivered first.
    func next() async throws(LLMError) -> [UInt8]? {
        while true {
            if Task.isCancelled { throw cancel() }
            guard let (bytes, wasPaused) = try transfer.takeBytes() else { return nil }
            if wasPaused { loop.send(.proceed(transfer)) }
            if !bytes.isEmpty { return bytes }
            await transfer.wait(for: .bytes, loop: loop)
        }
    }

    /// The rest of the body in one piece: for answers that turn out to be errors.
    /// - Throws: what ``next()`` throws.
    func collect() async throws(LLMError) -> [UInt8] {
        var body: [UInt8] = []
        while let bytes = try await next() {
            if body.isEmpty { body = bytes } else { body += bytes }
        }
        return body
    }

    /// Tells the clocks that a token arrived: the first-token clock stops, the idle clock starts anew.
    func tokenArrived() { transfer.tokenArrived() }

    /// Ends the transfer, and with it the wait of whoever is in ``next()``.
    func stop() {
        if !transfer.isDone { loop.send(.stop(transfer)) }
    }

    private func cancel() -> LLMError {
        stop()
        var error = TransferFailure.cancelled
        error.reachedUpstream = true
        return error
    }
}
