import Synchronization

/// An answer whose body is still arriving; letting go of it closes the transfer.
final class HTTPStream: Sendable {
    let head: HTTPResponseHead
    /// Until the connection stood; zero on a reused one.
    let connect: Duration
    private let transfer: Transfer
    private let loop: TransferLoop
    /// How large the body may become when it is unpacked, in bytes.
    private let limit: Int
    /// Whether the bytes are handed on as they come, which their beginning tells.
    private let isPlain = Atomic(false)
    private let unpacking = Mutex<BodyUnpacking?>(nil)

    init(_ transfer: Transfer, loop: TransferLoop, limit: Int) throws(LLMError) {
        (head, connect) = try transfer.takeHead()
        self.transfer = transfer
        self.loop = loop
        self.limit = limit
    }

    /// Whether the transfer is over: nothing more will arrive.
    var isDone: Bool { transfer.isDone }

    deinit {
        if !transfer.isDone { loop.send(.stop(transfer)) }
    }

    /// All bytes that have arrived since the last call, waiting for some if there are none; `nil` after the end.
    ///
    /// Packed ones are unpacked, a piece at a time. A reader that lags far behind stops the transfer until it has caught
    /// up, so that memory stays bounded.
    /// - Throws: ``LLMError`` with code `timeout` if one of the clocks runs out, `cancelled` if the task is cancelled,
    ///   `responseTooLarge` if all pieces together exceed ``HTTPClient/Configuration/maxBodyBytes``, and `network` if the
    ///   connection breaks. Bytes that arrived before are delivered first.
    func next() async throws(LLMError) -> [UInt8]? {
        while true {
            if Task.isCancelled { throw cancel() }
            let isPlain = isPlain.load(ordering: .relaxed)
            if !isPlain {
                let piece = try unpack(nil)
                if !piece.isEmpty { return piece }
            }
            guard let (bytes, wasPaused) = try transfer.takeBytes() else {
                let rest = isPlain ? [] : try unpack([], isEnd: true)
                return rest.isEmpty ? nil : rest
            }
            if wasPaused { loop.send(.proceed(transfer)) }
            guard bytes.isEmpty else {
                if isPlain { return bytes }
                let piece = try unpack(bytes)
                if !piece.isEmpty { return piece }
                continue
            }
            await transfer.wait(for: .bytes, loop: loop)
        }
    }

    /// Takes bytes of the body, if there are any, and gives back what they hold.
    private func unpack(_ bytes: [UInt8]?, isEnd: Bool = false) throws(LLMError) -> [UInt8] {
        do throws(LLMError) {
            return try unpacking.withLock { (unpacking) throws(LLMError) in
                guard let known = unpacking else {
                    guard let bytes, !bytes.isEmpty else { return [] }
                    if BodyUnpacking.isClearlyPlain(bytes) {
                        isPlain.store(true, ordering: .relaxed)
                        return bytes
                    }
                    let new = BodyUnpacking(limit: limit) { [head] in head.header("content-encoding") }
                    unpacking = new
                    new.push(bytes, isEnd: isEnd)
                    return try new.pull()
                }
                if let bytes { known.push(bytes, isEnd: isEnd) }
                let piece = try known.pull()
                if piece.isEmpty, known.isPlain { isPlain.store(true, ordering: .relaxed) }
                return piece
            }
        } catch {
            stop()
            throw error
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
