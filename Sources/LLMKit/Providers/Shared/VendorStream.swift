import Synchronization

/// The events of one streamed answer, as the vendor's bytes arrive.
///
/// Bytes are asked for only when the reader wants an event and none is waiting, so a slow reader slows the transfer down.
/// ``StreamEvent/end(_:)`` comes only after the vendor's terminal marker: a body that just ends was cut.
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
            do throws(LLMError) {
                if let bytes = try await http.next() { take(bytes) } else { endOfBody() }
            } catch {
                fail(error)
            }
        }
    }

    var progress: AnswerProgress? { state.withLock { call.progress(of: $0.decoder) } }
    func stop() { http.stop() }

    @inline(never)
    private func pop() -> Result<StreamEvent?, LLMError>? { state.withLock { $0.pop() } }

    @inline(never)
    private func take(_ bytes: [UInt8]) {
        let hasToken = advance { framing, decoder, events in
            try State.feed(bytes, to: &framing, &decoder, &events)
        }
        if hasToken { http.tokenArrived() }
    }

    /// Decodes more of the answer.
    /// - Returns: whether there are new events.
    private func advance(
        _ decode: (inout Format.Framing, inout Decoder, inout [StreamEvent]) throws -> Void
    ) -> Bool {
        state.withLock { state -> Bool in
            let known = state.events.count
            do {
                try decode(&state.framing, &state.decoder, &state.events)
            } catch let error as LLMError {
                state.outcome = .failed(call.attachingUsage(of: state.decoder, to: error))
            } catch {
                state.outcome = .failed(translate(error, state.decoder))
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
            state.events.append(.end(response))
            state.outcome = .ended
        } catch {
            state.outcome = .failed(translate(error, state.decoder))
        }
        drain()
    }

    @inline(never)
    private func endOfBody() {
        _ = advance { framing, decoder, events in
            try framing.end { data in try decoder.readEvent(data, into: &events) }
        }
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

    private func translate(_ error: any Error, _ decoder: Decoder) -> LLMError {
        let translated =
            switch error as? DecodingFailure {
            case .vendor(let error): call.site.error(error, http.head)
            case .shape(let failure): call.site.malformed(failure, http.head, inStream: true)
            case nil: LLMError(wrapping: error)
            }
        return call.attachingUsage(of: decoder, to: translated)
    }
}

extension VendorStream {
    private struct State {
        var framing = Format.Framing()
        var decoder: Decoder
        /// Events that were decoded and not yet read, from ``head`` on.
        var events: [StreamEvent] = []
        var head = 0
        var clock = TokenClock()
        /// Set when nothing more will be decoded; shown to the reader after the events before it.
        var outcome: Outcome?

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

        static func feed(
            _ bytes: [UInt8],
            to framing: inout Format.Framing,
            _ decoder: inout Decoder,
            _ events: inout [StreamEvent]
        ) throws {
            try framing.cut(bytes) { data in try decoder.readEvent(data, into: &events) }
        }
    }
}
