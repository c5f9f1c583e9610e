/// What a ledger's rows of a time, or of one group of them, add up to.
///
/// All amounts are exact.
public struct LedgerSummary: Hashable, Sendable {
    /// What the rows have in common, such as the tenant; `nil` for all rows, and for those without one.
    public var group: String?
    /// How many requests of the app the rows belong to.
    ///
    /// One that escalated or failed over has several rows.
    public var requests = 0
    /// How many attempts reached for a vendor.
    public var calls = 0
    /// How many of them repeated one that had failed.
    public var retries = 0
    /// How many only helped to choose a route.
    package var routingCalls = 0
    /// How many calls gave the answer that the app got.
    public var answers = 0
    /// How many answers came from a cache.
    public var cacheHits = 0
    /// How many answers a cascade threw away.
    package var rejected = 0
    /// How many calls failed, or were left.
    public var failed = 0
    /// How many calls only judged an answer.
    package var confidenceCalls = 0
    /// How many calls were copies for comparison.
    package var shadows = 0
    /// How many calls embedded questions for a semantic cache.
    package var embeddings = 0
    /// How many calls checked what a semantic cache decided.
    package var checks = 0

    /// Tokens of all calls that reached for a vendor; of cache hits, none.
    public var usage = Usage()
    /// How many rows have counts of ours, because the vendor reported none.
    public var estimated = 0
    /// How many rows have token classes that do not add up to the vendor's total.
    public var mismatched = 0

    /// What is owed to vendors.
    public var cost = Money.zero
    /// How many calls have no known cost: they are not in ``cost``.
    public var unpriced = 0
    /// What was paid for calls whose answers were not used: rejected, failed, routing, confidence, shadows,
    /// embeddings, checks.
    public var overhead = Money.zero
    /// Where the savings on used answers come from.
    public var savings = Savings()

    /// The time until answers were there, cache hits included.
    public var total = Percentiles()
    /// The time until the first token of streamed answers.
    public var firstToken = Percentiles()

    /// How many rows are of a kind: what became of a call, or what it was for.
    public subscript(kind: Charge.Kind) -> Int {
        switch kind {
        case .answer: answers
        case .rejected: rejected
        case .failed: failed
        case .routing: routingCalls
        case .confidence: confidenceCalls
        case .shadow: shadows
        case .embedding: embeddings
        case .check: checks
        case .cacheHit: cacheHits
        }
    }

    /// What the used answers would have cost without LLMKit.
    public var baseline: Money { savings.baseline }
    /// What LLMKit saved, after what it spent to do so.
    public var saved: Money { savings.total - overhead }
    /// Cache hits among requests, 0 to 1; `nil` without requests.
    public var hitRate: Double? { requests > 0 ? Double(cacheHits) / Double(requests) : nil }

    /// Values below which a half, and nearly all, of the measurements lie (nearest rank); `nil` without any.
    public struct Percentiles: Hashable, Sendable {
        public var p50: Duration?
        public var p99: Duration?

        package init(p50: Duration? = nil, p99: Duration? = nil) {
            self.p50 = p50
            self.p99 = p99
        }
    }
}

extension Ledger {
    /// By what rows are put together.
    public enum Grouping: String, Sendable, CaseIterable {
        case tenant, user, feature, conversation, route, kind, purpose, model, vendor, cache, finish, error
        /// The model that the vendor says has answered.
        case servedModel = "model_served"
        /// Days in UTC, such as `2026-11-23`.
        case day

        var expression: String {
            switch self {
            case .day: "date(time_ms / 1000, 'unixepoch')"
            default: rawValue
            }
        }
    }
}
