import Synchronization

/// Keeps what a policy has learned in a file, and brings it what other processes have learned.
///
/// Only what changed is written, each piece put together with what the file holds of it by then.
final class PolicyFile: Sendable {
    private struct State {
        /// Whether a write is on its way.
        var isKeeping = false
        /// Taken from the policy, but not written yet.
        var pending: [String: PolicyPiece] = [:]
        /// The last change in the file that the policy knows of.
        var change: Int64 = 0
    }

    private let policy: any HitPolicy
    /// Scores of one embedder say nothing of another's.
    private let embedder: String
    private let state = Mutex(State())

    /// How many pieces are written in one transaction: others wait for the file meanwhile.
    private static let batch = 256

    init(_ policy: any HitPolicy, embedder: String) {
        self.policy = policy
        self.embedder = embedder
    }

    /// Whether somebody is to see to the next writing: not if it is seen to already.
    func isFirstToKeep() -> Bool {
        state.withLock { state in
            defer { state.isKeeping = true }
            return !state.isKeeping
        }
    }

    /// Whether something was taken from the policy that could not be written.
    var isBehind: Bool { state.withLock { !$0.pending.isEmpty } }

    /// Writes what the policy has learned since the last time.
    ///
    /// If the file cannot be written, what was taken waits for the next time.
    func write(to db: SQLiteDatabase) throws(LLMError) {
        let pieces = state.withLock { state in
            state.isKeeping = false
            for piece in policy.takeChanges() {
                state.pending[piece.key] = state.pending[piece.key].map { policy.combined($0, piece) } ?? piece
            }
            return state.pending.values.sorted { $0.key < $1.key }
        }
        for start in stride(from: 0, to: pieces.count, by: Self.batch) {
            let batch = Array(pieces[start..<min(start + Self.batch, pieces.count)])
            policy.merge(try PolicyTable.add(batch, of: embedder, to: db, combining: policy.combined))
            state.withLock { state in
                for piece in batch { state.pending[piece.key] = nil }
            }
        }
    }

    /// Hands the policy what others have added to the file.
    func read(from db: SQLiteDatabase) throws(LLMError) {
        // What was taken but not written is not in the file: merged without it, the policy would forget it.
        try write(to: db)
        let (pieces, last) = try PolicyTable.read(of: embedder, after: state.withLock { $0.change }, from: db)
        guard !pieces.isEmpty else { return }
        policy.merge(pieces)
        state.withLock { $0.change = last }
    }
}
