/// Decides beforehand whether an attempt may be made, and notes afterwards what became of it.
///
/// Recording neither suspends nor fails, so that an attempt whose reader left is still charged (from a `deinit`).
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
///
/// Every reservation ends in exactly one way: its attempt is recorded (``Charge/reservation``), or it is released because
/// the attempt was never made. ``LLMKitTesting/MeterConformance`` checks a meter's side of it.
public protocol CostMeter: Sendable {
    /// Refuses a request before anything is looked up for it: rates, steps, an empty purse. The default lets all pass.
    ///
    /// Must be cheap: it is asked for requests that a cache will answer, too.
    /// - Throws: ``LLMError`` with code `over_budget` or `rate_limited`, and a `retryAfter` where waiting helps.
    func admit(_ request: ChatRequest) async throws

    /// Sets aside the most an attempt may cost, for the model that is really asked. The default allows everything.
    /// - Throws: ``LLMError`` with code `over_budget`, and a `retryAfter` where waiting helps. Whether an attempt of
    ///   unknown cost may be made is the meter's to judge.
    func reserve(_ attempt: PlannedAttempt) async throws -> Reservation

    /// Notes an attempt that was made, whatever became of it, or a cache's answer. It takes the reservation's place.
    func record(_ charge: Charge)

    /// Gives back the reservation of an attempt that was never made.
    func release(_ reservation: Reservation)

    /// Returns when everything recorded so far is safe. The default has nothing to wait for.
    func flush() async
}

extension CostMeter {
    public func admit(_ request: ChatRequest) async throws {}
    public func reserve(_ attempt: PlannedAttempt) async throws -> Reservation { Reservation(attempt) }
    public func release(_ reservation: Reservation) {}
    public func flush() async {}
}
