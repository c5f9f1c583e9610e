import Synchronization

/// Which caches fail, and why: each cause is told once, and again after the cache has worked meanwhile, for one that is not
/// there fails every request alike.
final class CacheTroubles: Sendable {
    /// What fails of a cache.
    enum Work: Hashable { case lookup, store }

    private struct Key: Hashable {
        var place: Int
        var work: Work
    }

    private let told = Mutex<[Key: String]>([:])
    /// So that caches which work, as nearly all do, cost nothing.
    private let count = Atomic(0)

    /// Notes a failure.
    /// - Parameter place: which of the pipeline's caches it is.
    /// - Returns: whether it is to be told.
    func isNew(_ error: LLMError, of place: Int, _ work: Work) -> Bool {
        let cause = "\(error.code): \(error.message)"
        return told.withLock { told in
            let isNew = told.updateValue(cause, forKey: Key(place: place, work: work)) != cause
            count.store(told.count, ordering: .relaxed)
            return isNew
        }
    }

    /// Notes that a cache works.
    func clear(_ place: Int, _ work: Work) {
        guard count.load(ordering: .relaxed) > 0 else { return }
        told.withLock { told in
            told[Key(place: place, work: work)] = nil
            count.store(told.count, ordering: .relaxed)
        }
    }
}
