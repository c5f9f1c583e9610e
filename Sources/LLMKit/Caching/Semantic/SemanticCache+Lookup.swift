extension SemanticCache {
    /// What a look-up has seen, and what was decided.
    struct Sight: Sendable {
        var found: Neighbourhood
        /// The entries of the neighbours, in the same order.
        var entries: [SemanticEntry]
        var decision: HitDecision

        /// The entry that was judged.
        var judged: SemanticEntry? {
            decision.neighbour.flatMap { entries.indices.contains($0) ? entries[$0] : nil }
        }
    }

    /// What a look-up leaves with the request for its store.
    struct Note: Sendable {
        var vector: [Float]
        /// To be compared with the model's answer.
        var trial: Sight?
        /// Held by the one whom others wait for; letting go of it sends them on their way.
        var lead: SemanticFlights.Lead?
    }

    public func lookup(_ request: ChatRequest, in context: CacheContext) async throws -> CacheHit? {
        guard let question = SemanticQuestion(request, context, options) else {
            memory.count { $0.bypasses += 1 }
            return nil
        }
        let isServing = options.mode == .serve
        if isServing, let entry = memory.exact(question, at: now), let hit = serve(Self.repeated(entry)) { return hit }
        let vector = try await vector(of: question.text, in: context)
        var note = Note(vector: vector)
        while true {
            let sight = try look(at: question, vector)
            switch (sight.decision.action, isServing) {
            case (.serve, true):
                if let hit = serve(sight) { return hit }
                // The answer could not be read, and its entry is gone.
                continue
            case (.check, true):
                note.trial = sight
                memory.count { $0.checks += 1 }
            case (_, false):
                note.trial = sight
            case (.ask, true):
                guard options.sharesFlights else { break }
                switch flights.enter(question, vector, context, policy, options.guards) {
                case .lead(let lead): note.lead = lead
                case .alone: break
                case .wait(let flight):
                    _ = try await withTimeLimit(.deadline(request.deadline), time) { await flight.wait() }
                    try Task.checkCancellation()
                    continue
                }
            }
            context.scope.setNote(note, of: self)
            memory.count { $0.misses += 1 }
            return nil
        }
    }

    /// The neighbours of a question, and what the policy and the guards say of them.
    func look(at question: SemanticQuestion, _ vector: [Float]) throws(LLMError) -> Sight {
        let glance = try memory.glance(
            at: question,
            vector,
            count: policy.neighbours,
            floor: policy.floor,
            needsMutual: policy.needsMutual,
            at: now
        )
        let traits = QuestionTraits(question.text)
        let neighbours = glance.neighbours.map { entry, similarity in
            Neighbourhood.Neighbour(
                entry: entry.id,
                similarity: similarity,
                answer: entry.content.answer,
                conflicts: traits.conflicts(with: entry.traits).intersection(options.guards),
                overlap: traits.overlap(with: entry.traits)
            )
        }
        let found = Neighbourhood(
            GuardTolerance.relaxed(neighbours, glance.neighbours.map(\.entry.traits)),
            mutual: glance.mutual,
            partition: question.partition.a,
            count: glance.count
        )
        return Sight(
            found: found,
            entries: glance.neighbours.map(\.entry),
            decision: guarded(policy.decide(found), found)
        )
    }

    /// The decision, moved to another question with the same answer where a guard objects to the one that was chosen.
    private func guarded(_ decision: HitDecision, _ found: Neighbourhood) -> HitDecision {
        guard decision.action != .ask, let chosen = decision.neighbour else { return decision }
        guard found.neighbours.indices.contains(chosen) else { return .ask() }
        var decision = decision
        let answer = found.neighbours[chosen].answer
        if found.neighbours[chosen].conflicts.isEmpty { return decision }
        if let other = found.neighbours.firstIndex(where: { $0.answer == answer && $0.conflicts.isEmpty }) {
            decision.neighbour = other
        } else {
            decision.action = .ask
        }
        return decision
    }

    /// A question in the very words of an entry: nothing is left to be decided.
    private static func repeated(_ entry: SemanticEntry) -> Sight {
        let neighbour = Neighbourhood.Neighbour(
            entry: entry.id,
            similarity: 1,
            answer: entry.content.answer,
            overlap: 1
        )
        return Sight(
            found: Neighbourhood([neighbour], partition: entry.content.partition.a, count: 1),
            entries: [entry],
            decision: .serve(0, score: 1, threshold: 1)
        )
    }

    /// The answer of the entry that was decided for; `nil` if it cannot be read: then the entry is removed.
    private func serve(_ sight: Sight) -> CacheHit? {
        guard let index = sight.decision.neighbour, let entry = sight.judged else { return nil }
        guard let response = entry.response else {
            memory.remove([entry.id]) { $0.corruptions += 1 }
            return nil
        }
        memory.use(entry)
        memory.count { $0.hits += 1 }
        let match = SemanticMatch(
            entry: entry.id,
            similarity: sight.found.neighbours[index].similarity,
            decision: sight.decision,
            found: sight.found
        )
        return CacheHit(response.served(by: .semantic), source: .semantic, match: match)
    }
}
