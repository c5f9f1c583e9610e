/// Decides beforehand whether money may be spent, and notes afterwards what was.
///
/// Recording neither suspends nor fails, so that a call whose reader left is still charged (from a `deinit`).
/// A whole meter:
///
/// ```swift
/// import Synchronization
///
/// final class Total: CostMeter {
///     let spent = Mutex(Money.zero)
///     func record(_ charge: Charge) { spent.withLock { $0 += charge.cost ?? .zero } }
/// }
/// ```
public protocol CostMeter: Sendable {
    /// Sets aside the most a request may cost. The default allows everything.
    /// - Throws: ``LLMError`` with code `over_budget`, and a `retryAfter` where waiting helps.
    func reserve(_ estimate: CostEstimate) async throws -> Reservation

    /// Notes a finished call. Called exactly once for every call begun, whatever became of it.
    func record(_ charge: Charge)

    /// Notes how a decision of a semantic cache turned out. The default forgets it.
    func record(_ trial: CacheTrial)

    /// Gives back what is left of a reservation. Called exactly once, after the last charge of its request.
    func release(_ reservation: Reservation)

    /// Returns when everything recorded so far is safe. The default has nothing to wait for.
    func flush() async
}

extension CostMeter {
    public func reserve(_ estimate: CostEstimate) async throws -> Reservation {
        Reservation(requestID: estimate.requestID)
    }
    public func record(_ trial: CacheTrial) {}
    public func release(_ reservation: Reservation) {}
    public func flush() async {}
}

/// The most a request may cost, before anything is known of the answer.
public struct CostEstimate: Sendable {
    public var requestID: RequestID
    public var caller: Caller
    /// The highest cost among the pipeline's models of the whole input at the full rate and the longest allowed answer;
    /// `nil` if a price is unknown.
    public var worstCase: Money?

    public init(requestID: RequestID, caller: Caller, worstCase: Money?) {
        self.requestID = requestID
        self.caller = caller
        self.worstCase = worstCase
    }
}

/// A meter's promise that a request may spend.
///
/// It travels with every charge of the request.
public struct Reservation: Hashable, Sendable {
    /// The request that holds it.
    public var requestID: RequestID
    /// How much was set aside; `nil` where nothing had to be.
    public var amount: Money?

    public init(requestID: RequestID, amount: Money? = nil) {
        self.requestID = requestID
        self.amount = amount
    }
}
