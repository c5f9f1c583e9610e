import Synchronization

/// One call of an upstream on a request's behalf: the unit of money.
///
/// ``RequestScope/attempt(_:for:_:)`` hands it to the code that makes the call.
public struct Attempt: Sendable {
    let record: any AttemptRecord

    /// Which attempt of its model call this is, from 1.
    package var ordinal: Int { record.ordinal }
    package var purpose: Purpose { record.purpose }
    package var upstream: Upstream { record.upstream }
    /// What an upstream that keeps traces is told: its spans hang below this attempt's.
    var trace: TraceContext? { record.trace }

    /// Tells that the request has left this machine: from here on the vendor may bill it, whatever becomes of it.
    ///
    /// An attempt that fails before costs nothing.
    public func sent() { record.sent() }

    /// How to end the call from outside the task that makes it: used when its request is ended by a shutdown, or the call
    /// is left behind. Whoever always sets it says so in its ``ProviderInfo/isStoppable``.
    func whenLeftBehind(_ stop: @escaping @Sendable () -> Void) { record.whenLeftBehind(stop) }
}

/// What a pipeline keeps of an attempt while it is under way.
///
/// Only the first ending counts, so that the several ways in which an attempt can end (its answer, its error, the reader
/// leaving, a shutdown) need not know of each other.
protocol AttemptRecord: AnyObject, Sendable {
    var ordinal: Int { get }
    var purpose: Purpose { get }
    var upstream: Upstream { get }
    /// The attempt in the request's trace; `nil` if there is none.
    var trace: TraceContext? { get }

    func sent()
    func whenLeftBehind(_ stop: @escaping @Sendable () -> Void)
    /// Bytes of output that passed by, for the bill of an answer that never ends, and the time of the first token.
    /// - Parameter source: where they came from; the first time, it is asked what else is known.
    func received(outputBytes: Int, from source: any EventSource)
    /// Ends it with an answer, and marks the answer as this attempt's.
    func finish(_ response: inout ChatResponse)
    func fail(_ error: LLMError)
    /// Takes it back: it turned out to be no attempt of its own, because what it wraps makes attempts itself.
    func dissolve()
}

/// An attempt that nobody books: made without a pipeline.
final class UnbookedAttempt: AttemptRecord {
    let ordinal = 1
    let purpose: Purpose
    let upstream: Upstream
    /// The request's own: nobody records a span of the attempt.
    let trace: TraceContext?
    /// Where it was taken from, and goes back to if it was none.
    private let budget: Mutex<AttemptBudget?>

    init(
        _ upstream: Upstream,
        for purpose: Purpose,
        in trace: TraceContext?,
        from budget: AttemptBudget? = nil
    ) {
        self.upstream = upstream
        self.purpose = purpose
        self.trace = trace
        self.budget = Mutex(budget)
    }

    func sent() {}
    func whenLeftBehind(_ stop: @escaping @Sendable () -> Void) {}
    func received(outputBytes: Int, from source: any EventSource) {}
    func finish(_ response: inout ChatResponse) { response.upstream = response.upstream ?? upstream }
    func fail(_ error: LLMError) {}
    func dissolve() { budget.withLock { $0.take() }?.giveBack() }
}
