import Synchronization

/// The events of one streamed answer, as the vendor's bytes arrive.
///
/// Bytes are asked for only when the reader wants an event and none is waiting, so a slow reader slows the transfer down.
/// ``StreamEvent/end(_:)`` comes only after the vendor's terminal marker, or a reason for the end and the clean end of the
/// body: one that just ends was cut. A body that is no stream, whatever its label says, is read as the whole answer that it is.
final class VendorStream<Format: WireFormat>: EventSource {
    typealias Decoder = Format.Decoder

    private let http: HTTPStream
    private let call: CallRecord
    /// How long to wait for the end of a body whose answer is complete.
    private let patience: Duration
    private let state: Mutex<State>

    init(_ http: HTTPStream, decoder: Decoder, call: CallRecord, patience: Duration = .seconds(1)) {
        self.http = http
        self.call = call
        self.patience = patience
        state = Mutex(State(decoder: decoder))
    }

    // A reader waits in here for most of an answer's time. What is inlined makes its frame grow, by tens of kilobytes: so
    // everything else stays outside.
    func next() async throws -> StreamEvent? {
        while true {
            if let step = pop() { return try step.get() }
            await read()
        }
    }

    /// Reads a body to its end, if it is no stream.
    /// - Throws: what is wrong with it.
    @inline(never)
    func readDocument() async throws(LLMError) {
        while state.withLock({ $0.mayBeDocument }) { await read() }
        if let error = state.withLock({ $0.takeFailure() }) { throw error }
    }

    private func read() async {
        do throws(LLMError) {
            if let bytes = try await http.next() { take(bytes) } else { endOfBody() }
        } catch {
            fail(error)
        }
    }

    var progress: AnswerProgress? { state.withLock { call.progress(of: $0.decoder) } }
    func stop() { http.stop() }

    @inline(never)
    private func pop() -> Result<StreamEvent?, LLMError>? { state.withLock { $0.pop() } }

    @inline(never)
    private func take(_ bytes: [UInt8]) {
        if advance({ state in try state.feed(bytes) }) { http.tokenArrived() }
    }

    /// Decodes more of the answer.
    /// - Returns: whether there are new events.
    private func advance(_ decode: (inout State) throws -> Void) -> Bool {
        state.withLock { state -> Bool in
            let known = state.events.count
            do {
                try decode(&state)
            } catch let error as LLMError {
                state.outcome = .failed(call.attachingUsage(of: state.decoder, to: error))
            } catch {
                state.outcome = .failed(translate(error, state))
            }
            let tokens = state.events.count - known
            if tokens > 0 { state.clock.count(tokens, at: .now, since: call.start) }
            if state.decoder.isComplete, state.outcome == nil { complete(&state) }
            return tokens > 0
        }
    }

    /// Reads the body to its end, which is due right after the terminal marker: letting go of it before would cost the
    /// connection, which then could not serve the next call.
    private func drain() {
        guard !http.isDone else { return }
        let (http, patience) = (http, patience)
        Task {
            // Whichever is over first ends the other: the body, or the patience with it.
            await withTaskGroup(of: Void.self) { group in
                group.addTask { while let bytes = try? await http.next(), !bytes.isEmpty {} }
                group.addTask { try? await Task.sleep(for: patience) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func complete(_ state: inout State) {
        do throws(DecodingFailure) {
            let timing = state.clock.timing
            let response = try call.complete(state.decoder, http.head, connect: http.connect, timing: timing)
            if state.isDocument { state.events += response.playback }
            state.events.append(.end(response))
            state.outcome = .ended
        } catch {
            state.outcome = .failed(translate(error, state))
        }
        drain()
    }

    @inline(never)
    private func endOfBody() {
        if advance({ state in try state.end() }) { http.tokenArrived() }
        state.withLock { state in
            guard state.outcome == nil else { return }
            let error = LLMError(
                .truncated,
                "\(call.site.vendor) ended its stream before the answer was complete; try again, and if it happens often "
                    + "check proxies on the way to \(call.site.host)"
            )
            state.outcome = .failed(call.attachingUsage(of: state.decoder, to: error))
        }
    }

    /// The transfer broke. Once an answer has begun, that is a cut answer, however the network calls it.
    @inline(never)
    private func fail(_ error: LLMError) {
        state.withLock { state in
            var error = error
            if error.code == .network, state.decoder.reportedUsage.outputByteCount > 0 {
                error = LLMError(
                    .truncated,
                    "the stream from \(call.site.vendor) broke: \(error.message)",
                    cause: error
                )
            }
            state.outcome = .failed(call.attachingUsage(of: state.decoder, to: error))
        }
    }

    private func translate(_ error: any Error, _ state: State) -> LLMError {
        let translated =
            switch error as? DecodingFailure {
            case .shape(let failure) where !state.isDocument:
                call.site.malformed(failure, http.head, inStream: true)
            case let failure?: call.site.error(failure, http.head, body: state.document)
            case nil: LLMError(wrapping: error)
            }
        return call.attachingUsage(of: state.decoder, to: translated)
    }
}

extension VendorStream {
    private struct State {
        /// What the bytes turned out to be.
        var body = Body.unknown([])
        var framing = Format.Framing()
        var decoder: Decoder
        /// Events that were decoded and not yet read, from ``head`` on.
        var events: [StreamEvent] = []
        var head = 0
        var clock = TokenClock()
        /// Set when nothing more will be decoded; shown to the reader after the events before it.
        var outcome: Outcome?

        enum Body {
            case unknown([UInt8])
            case events
            case document([UInt8])
        }

        enum Outcome {
            case ended
            case failed(LLMError)
        }

        init(decoder: Decoder) { self.decoder = decoder }

        /// The next step for the reader; `nil` if more bytes are needed.
        mutating func pop() -> Result<StreamEvent?, LLMError>? {
            if head < events.count {
                head += 1
                return .success(events[head - 1])
            }
            events.removeAll(keepingCapacity: true)
            head = 0
            switch outcome {
            case nil: return nil
            case .ended: return .success(nil)
            case .failed(let error):
                outcome = .ended
                return .failure(error)
            }
        }

        /// Whether the body is no stream, or may be none, and goes on.
        var mayBeDocument: Bool {
            if outcome != nil { return false }
            if case .events = body { return false }
            return true
        }

        /// The failure, if nothing came before it.
        mutating func takeFailure() -> LLMError? {
            guard case .failed(let error)? = outcome, head == events.count else { return nil }
            outcome = .ended
            return error
        }

        /// Whether the body is no stream.
        var isDocument: Bool { if case .document = body { true } else { false } }

        /// The body as far as it is kept.
        var document: [UInt8] {
            switch body {
            case .unknown(let bytes), .document(let bytes): bytes
            case .events: []
            }
        }

        mutating func feed(_ bytes: [UInt8]) throws {
            switch body {
            case .events: try cut(bytes)
            case .document(var known):
                body = .events
                known += bytes
                body = .document(known)
            case .unknown(let known):
                let start = known + bytes
                switch Self.isStream(start) {
                case true?:
                    body = .events
                    try cut(start)
                case false?: body = .document(start)
                case nil:
                    // White space tells nothing, however much of it comes.
                    body = .unknown(start.count > 64 && !start.contains { $0 > 0x20 } ? [] : start)
                }
            }
        }

        /// Whether a body that begins like this is a stream; `nil` if more of it must be seen.
        private static func isStream(_ start: [UInt8]) -> Bool? {
            start.withUnsafeBufferPointer { bytes in
                if bytes.count < 3, bytes.first == 0xEF { return nil }
                let text = bytes.withoutByteOrderMark.drop { $0 <= 0x20 }
                return text.isEmpty ? nil : Format.Framing.matches(UnsafeBufferPointer(rebasing: text))
            }
        }

        private mutating func cut(_ bytes: [UInt8]) throws {
            try framing.cut(bytes) { frame throws(DecodingFailure) in try decoder.read(frame, into: &events) }
        }

        /// The body has ended as it should.
        mutating func end() throws {
            switch body {
            case .events: try decoder.readRest(of: &framing, into: &events)
            case .document(let bytes): try decoder.readBody(bytes, as: Format.Framing.self)
            // Too little to tell, or nothing at all.
            case .unknown(let bytes):
                try cut(bytes)
                try decoder.readRest(of: &framing, into: &events)
            }
        }
    }
}
