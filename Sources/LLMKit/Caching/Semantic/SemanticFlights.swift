import Synchronization

/// Lets questions that are alike share one call: while the first is being answered, the others wait.
final class SemanticFlights: Sendable {
    private struct Pending {
        let id: Int
        let question: String
        let traits: QuestionTraits
        let vector: [Float]
        let flight: Coalescer.SharedAnswer
    }

    private struct State {
        var pending: [Fingerprint: [Pending]] = [:]
        var last = 0
    }

    /// Held by the one who asks the model. Whoever lets go of it without an answer sends the others on their way, together.
    final class Lead: Sendable {
        private let flight: Coalescer.SharedAnswer
        init(_ flight: Coalescer.SharedAnswer) { self.flight = flight }

        func land(_ response: ChatResponse) { flight.resolve(.success(response)) }
        deinit { flight.resolve(.failure(LLMError(.cancelled, "the request that others waited for was not answered"))) }
    }

    enum Place {
        /// Others may wait for this one.
        case lead(Lead)
        /// Somebody else is about to get the answer.
        case wait(Coalescer.SharedAnswer)
        /// Nobody is asking this, and nobody will wait.
        case alone
    }

    private let state = Mutex(State())

    /// How many questions are being answered that others may wait for.
    var count: Int { state.withLock { $0.pending.values.reduce(0) { $0 + $1.count } } }

    /// How many questions in flight one is compared with at most, the latest first: a burst of different questions must
    /// not make each of them pay for all others.
    private static let compared = 64

    /// Finds a question in flight whose answer the policy would serve for this one; where there is none, takes the lead.
    func enter(
        _ question: SemanticQuestion,
        _ vector: [Float],
        _ context: CacheContext,
        _ policy: any HitPolicy,
        _ guards: MatchGuards,
        _ sight: EmbedderSight
    ) -> Place {
        let traits = QuestionTraits(question.text)
        return state.withLock { state in
            for other in (state.pending[question.partition] ?? []).suffix(Self.compared).reversed() {
                if other.question == question.text { return .wait(other.flight) }
                let similarity = cosine(of: vector, and: other.vector)
                let conflicts = traits.conflicts(with: other.traits, at: similarity, sight: sight)
                    .intersection(guards)
                guard similarity >= policy.floor, conflicts.isEmpty else { continue }
                let neighbour = Neighbourhood.Neighbour(
                    entry: 0,
                    similarity: similarity,
                    answer: 0,
                    overlap: traits.overlap(with: other.traits)
                )
                let found = Neighbourhood([neighbour], partition: question.partition.a, count: 1)
                if policy.wouldServe(found) { return .wait(other.flight) }
            }
            // Nobody waits for a stream: it ends when its reader pleases. Nor for an answer that is not kept.
            if context.isStreamed || !context.request.cachePolicy.contains(.write) { return .alone }
            state.last += 1
            let id = state.last
            let flight = Coalescer.SharedAnswer { [weak self] _ in self?.remove(id, question.partition) }
            let pending = Pending(
                id: id,
                question: question.text,
                traits: traits,
                vector: vector,
                flight: flight
            )
            state.pending[question.partition, default: []].append(pending)
            return .lead(Lead(flight))
        }
    }

    private func remove(_ id: Int, _ partition: Fingerprint) {
        state.withLock { state in
            state.pending[partition]?.removeAll { $0.id == id }
            if state.pending[partition]?.isEmpty == true { state.pending[partition] = nil }
        }
    }
}
