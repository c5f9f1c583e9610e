/// What one answer would have cost without LLMKit, and where the difference to what was paid comes from.
///
/// The baseline is the pipeline's reference model at full input rates. The parts always add up, to the picodollar:
/// `baseline = paid + resultCache + semanticCache + coalescing + promptCache + routing`, where each row's `paid` is its own
/// cost. Rows whose answer was not used (rejected tiers, failures, confidence, shadows, embeddings, checks) have no baseline: their cost
/// counts against the sum.
public struct Savings: Hashable, Sendable {
    /// The reference model's price of the same tokens, without any cache.
    public var baseline: Money
    public var resultCache: Money
    public var semanticCache: Money
    public var coalescing: Money
    /// The vendor's discount on cached input (negative when writing to the cache cost more).
    public var promptCache: Money
    /// The difference between the reference model and the model that answered (negative when that is dearer).
    public var routing: Money

    package init(
        baseline: Money = .zero,
        resultCache: Money = .zero,
        semanticCache: Money = .zero,
        coalescing: Money = .zero,
        promptCache: Money = .zero,
        routing: Money = .zero
    ) {
        self.baseline = baseline
        self.resultCache = resultCache
        self.semanticCache = semanticCache
        self.coalescing = coalescing
        self.promptCache = promptCache
        self.routing = routing
    }

    /// All parts together.
    public var total: Money { resultCache + semanticCache + coalescing + promptCache + routing }
}

extension Savings {
    /// A call that reached a vendor.
    /// - Parameters:
    ///   - baseline: the reference model's price of the tokens, without caches.
    ///   - uncached: the answering model's price of the same tokens, without the vendor's prompt cache.
    ///   - paid: what the call cost.
    /// - Returns: the parts of the difference.
    static func call(baseline: Money, uncached: Money, paid: Money) -> Savings {
        Savings(
            baseline: baseline,
            resultCache: .zero,
            semanticCache: .zero,
            coalescing: .zero,
            promptCache: uncached - paid,
            routing: baseline - uncached
        )
    }

    /// An answer that cost nothing, because it was there already.
    static func hit(baseline: Money, source: CacheHit.Source) -> Savings {
        Savings(
            baseline: baseline,
            resultCache: source == .semantic || source == .coalesced ? .zero : baseline,
            semanticCache: source == .semantic ? baseline : .zero,
            coalescing: source == .coalesced ? baseline : .zero,
            promptCache: .zero,
            routing: .zero
        )
    }
}
