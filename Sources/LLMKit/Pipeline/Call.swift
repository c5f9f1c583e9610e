import PortableFoundation
import Synchronization

/// One model call, from its beginning until it is settled: once, whatever becomes of it.
///
/// Settling writes the ledger row and the span. Only the first settlement counts, so that the several ways in which a
/// call can end (its answer, its error, the reader leaving, a shutdown) need not know of each other.
final class Call: Sendable {
    /// How a call ended.
    enum Outcome {
        case answered(ChatResponse)
        /// Answered, but the answer was not good enough.
        case rejected(ChatResponse)
        case failed(LLMError)
    }

    let trip: Trip
    let entry: ModelTable.Entry
    let purpose: Charge.Purpose
    let tier: Int?
    let isStreamed: Bool
    let start: ContinuousClock.Instant
    let span = SpanID.random()
    /// The request's attempts, those of this call counted apart.
    private let budget: AttemptBudget
    private let isSettled = Atomic<Bool>(false)
    /// UTF-8 bytes of output that passed by, for the bill of an answer that never ended.
    private let outputBytes = Atomic<Int>(0)
    /// What the vendor reported, for an answer that is still being judged when the request ends.
    private let reported = Mutex<Usage?>(nil)

    init(_ trip: Trip, _ entry: ModelTable.Entry, purpose: Charge.Purpose, tier: Int?, isStreamed: Bool) {
        self.trip = trip
        self.entry = entry
        self.purpose = purpose
        self.tier = tier
        self.isStreamed = isStreamed
        start = trip.context.time.now
        // Shadows, judges and checks have attempts of their own, so that they cannot use up the answer's.
        budget =
            purpose == .answer
            ? AttemptBudget(within: trip.context.attempts) : AttemptBudget(trip.pipeline.maxAttempts)
        if !purpose.isBeside { trip.opened(self) }
    }

    // MARK: Calling

    /// Asks the provider for a whole answer; a failure settles the call.
    func respond(to request: ChatRequest) async throws -> ChatResponse {
        do {
            try takeAttempt()
            var response = try await entry.provider.respond(to: inContext(request))
            guard response.state == .complete else {
                throw LLMError.truncatedAnswer(usage: response.usage)
            }
            dress(&response)
            reported.withLock { $0 = response.usage }
            return response
        } catch {
            settle(.failed(LLMError(wrapping: error)))
            throw error
        }
    }

    /// Asks the provider for a stream; a failure settles the call.
    func stream(_ request: ChatRequest) async throws -> ResponseStream {
        do {
            try takeAttempt()
            return try await entry.provider.stream(inContext(request))
        } catch {
            settle(.failed(LLMError(wrapping: error)))
            throw error
        }
    }

    /// Whoever reaches an upstream takes from the request's attempts: a retry decorator or an inner pipeline for each
    /// attempt it makes, the engine where there is none.
    @inline(never)
    private func takeAttempt() throws(LLMError) {
        guard !entry.info.countsAttempts, !budget.take() else { return }
        throw LLMError(
            .attemptsExhausted,
            "all upstream attempts of this request are used up; see Pipeline.maxAttempts"
        )
    }

    @inline(never)
    private func inContext(_ request: ChatRequest) -> ChatRequest {
        var request = request
        request.context = CallContext(
            requestID: trip.context.requestID,
            time: trip.context.time,
            attempts: budget,
            parentSpan: span
        )
        return request
    }

    /// Adds what only the engine knows.
    @inline(never)
    func dress(_ response: inout ChatResponse) {
        response.model = entry.name
        if response.timing.total == .zero { response.timing.total = trip.context.time.now - start }
    }

    func saw(outputBytes count: Int) { outputBytes.add(count, ordering: .relaxed) }

    // MARK: Settling

    /// Forgets a call that was never made.
    func dismiss() { isSettled.store(true, ordering: .relaxed) }

    /// Writes the bill and the span, once.
    @inline(never)
    @discardableResult
    func settle(_ outcome: Outcome) -> ChatResponse {
        let first = isSettled.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
            .exchanged
        switch outcome {
        case .answered(var response):
            if first {
                record(bill(of: response, purpose: purpose))
                response.cost = trip.spent
            }
            return response
        case .rejected(let response):
            if first { record(bill(of: response, purpose: .rejected)) }
            return response
        case .failed(let error):
            if first { record(bill(of: error)) }
            return ChatResponse("")
        }
    }

    private func record(_ charge: Charge) {
        for failure in budget.retriedFailures {
            let lost = bill(of: failure, isRetried: true)
            if lost.usage.total > 0 { write(lost) }
        }
        write(charge)
        if !purpose.isBeside { trip.closed(self) }
        if trip.isTraced { trip.recordCallSpan(self, charge) }
    }

    private func write(_ charge: Charge) {
        if !purpose.isBeside { trip.paid(charge.cost) }
        trip.pipeline.meter.record(charge)
    }

    /// What a failed call is billed: what the error says was used, or an estimate if the vendor may have worked for it.
    @inline(never)
    func usage(after error: LLMError, isRetried: Bool) -> Usage {
        if isRetried, let usage = error.usage { return usage }
        if !isRetried, let usage = reported.withLock({ $0 }) ?? error.usage { return usage }
        let seen = isRetried ? 0 : outputBytes.load(ordering: .relaxed)
        guard seen > 0 || (error.mayHaveBeenBilled && budget.count > 0) else { return Usage() }
        return Usage(
            input: trip.request.estimatedInputTokens,
            output: Usage.estimatedTokens(utf8Count: seen),
            isEstimated: true
        )
    }

    /// Upstream attempts that this call made.
    var attempts: Int { budget.count }
}

extension LLMError {
    static func truncatedAnswer(usage: Usage?) -> LLMError {
        var error = LLMError(.truncated, "the answer stopped before its end; it is not kept, but the vendor bills it")
        error.usage = usage
        return error
    }

    /// Whether the vendor may have worked although no answer came: refused requests are free, broken ones are not.
    fileprivate var mayHaveBeenBilled: Bool {
        guard reachedUpstream ?? true, status.map({ (200..<300).contains($0) }) ?? true else { return false }
        return Self.codesOfBrokenCalls.contains(code)
    }

    private static let codesOfBrokenCalls: Set<Code> = [
        .cancelled, .timeout, .truncated, .network, .malformedResponse, .responseTooLarge,
    ]
}
