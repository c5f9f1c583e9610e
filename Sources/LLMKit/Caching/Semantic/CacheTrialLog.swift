/// Keeps how decisions of semantic caches turned out.
///
/// A pipeline hands each outcome to its meter, if that is one of these: ``Ledger`` and ``InMemoryCostMeter`` are.
/// Recording neither suspends nor fails.
public protocol CacheTrialLog: Sendable {
    func record(_ trial: CacheTrial)
}

extension Ledger: CacheTrialLog {}
extension InMemoryCostMeter: CacheTrialLog {}

extension MultiMeter: CacheTrialLog {
    public func record(_ trial: CacheTrial) {
        for meter in meters { (meter as? any CacheTrialLog)?.record(trial) }
    }
}

/// A host of scopes that knows where outcomes are kept: a pipeline's request.
protocol CacheTrialHost: AttemptHost {
    /// When the request began.
    var start: ContinuousClock.Instant { get }
    func record(_ trial: CacheTrial)
    /// Tells of a judge that failed.
    func report(_ error: LLMError)
    /// Tells the operator what is no failure, but should be known.
    func advise(_ message: String)
}
