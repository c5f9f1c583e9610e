import PortableFoundation
import Synchronization

/// Puts a policy's changes together with what was kept of it before.
///
/// One at a time asks for changes: a second one between taking and merging would make the policy forget the first's.
final class PolicyKeeper: Sendable {
    private let policy: any HitPolicy
    private let kept = Mutex<[String: PolicyPiece]>([:])

    init(_ policy: any HitPolicy) { self.policy = policy }

    /// Goes on from what was kept. What cannot be read is ignored.
    func restore(_ bytes: [UInt8]) {
        guard let pieces = try? JSONDecoder().decode([PolicyPiece].self, from: Data(bytes)) else { return }
        kept.withLock { kept in
            for piece in pieces { kept[piece.key] = piece }
            policy.merge(pieces)
        }
    }

    /// All that is to be kept by now; `nil` if that is nothing.
    func bytes() -> [UInt8]? {
        kept.withLock { kept in
            let changes = policy.takeChanges()
            for change in changes { kept[change.key] = kept[change.key].map { policy.combined($0, change) } ?? change }
            policy.merge(changes.compactMap { kept[$0.key] })
            guard !kept.isEmpty else { return nil }
            let pieces = kept.values.sorted { $0.key < $1.key }
            return (try? JSONEncoder().encode(pieces)).map { Array($0) }
        }
    }
}
