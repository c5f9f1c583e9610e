/// Which entry makes room when a semantic cache is full.
///
/// Either way, entries have a rank, and the lowest goes.
public enum EvictionPolicy: String, Hashable, Sendable, CaseIterable {
    /// The one that was not used for the longest time.
    case leastRecentlyUsed
    /// The one that saves least: rarely used, cheap to ask for again, or large.
    ///
    /// Greedy-Dual-Size-Frequency (Cherkasova 1998): rank = clock + uses × cost / size, where the clock is the rank of
    /// the last entry that went, so that past merits fade.
    case leastValuable

    /// - Parameters:
    ///   - tick: counts uses of the whole cache.
    ///   - clock: the rank of the last entry that went.
    ///   - uses: how often the entry was used, its storing included.
    ///   - cost: what its answer cost, in picodollars.
    ///   - bytes: how large it is.
    func rank(tick: Int, clock: Double, uses: Int, cost: Double, bytes: Int) -> Double {
        switch self {
        case .leastRecentlyUsed: Double(tick)
        case .leastValuable: clock + Double(uses) * max(cost, 1) / Double(max(bytes, 1))
        }
    }
}
