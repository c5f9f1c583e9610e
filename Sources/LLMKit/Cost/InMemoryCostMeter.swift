import Synchronization

/// Keeps every charge in memory, for tests and small tools.
///
/// For anything that runs for long, use a ``Ledger``.
public final class InMemoryCostMeter: CostMeter {
    private struct State {
        var charges: [Charge] = []
        var released: [Reservation] = []
        var trials: [CacheTrial] = []
    }
    private let state = Mutex(State())

    public init() {}

    public func record(_ charge: Charge) { state.withLock { $0.charges.append(charge) } }
    public func record(_ trial: CacheTrial) { state.withLock { $0.trials.append(trial) } }
    public func release(_ reservation: Reservation) { state.withLock { $0.released.append(reservation) } }

    /// Everything recorded so far, in order.
    public var charges: [Charge] { state.withLock { $0.charges } }

    /// The reservations that were given back, in order.
    package var released: [Reservation] { state.withLock { $0.released } }

    /// How decisions of semantic caches turned out, in order.
    public var trials: [CacheTrial] { state.withLock { $0.trials } }

    /// What all calls cost whose price is known.
    package var total: Money { charges.reduce(.zero) { $0 + ($1.cost ?? .zero) } }

    /// What calls cost, by whatever tells them apart: `totals(by: \.caller.tenant)`, `.user`, `.feature`.
    package func totals<Key: Hashable>(by key: (Charge) -> Key) -> [Key: Money] {
        charges.reduce(into: [:]) { $0[key($1), default: .zero] += $1.cost ?? .zero }
    }

    /// Forgets everything.
    package func removeAll() { state.withLock { $0 = State() } }
}
