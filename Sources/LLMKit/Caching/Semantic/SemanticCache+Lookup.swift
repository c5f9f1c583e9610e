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
        /// `nil` if the embedder failed: it is not asked again for the same request.
        var vector: [Float]?
        /// How many orders to forget there were when the request came.
        var erasures: Int
        /// To be compared with the model's answer.
        var trial: Sight?
        /// Held by the one whom others wait for; letting go of it sends them on their way.
        var lead: SemanticFlights.Lead?
    }

    public func lookup(_ request: ChatRequest, in context: CacheContext) async throws -> CacheHit? {
        tellTroubles(in: context)
        guard let question = SemanticQuestion(request, context, options) else {
            memory.count { $0.bypasses += 1 }
            return nil
        }
        let isServing = options.mode == .serve
        if isServing, let entry = memory.exact(question, at: now),
            let hit = try serve(Self.repeated(entry), for: question)
        {
            return hit
        }
        var note = Note(erasures: memory.erasureCount)
        guard embedderHealth.mayTry(at: time.now) else {
            context.scope.setNote(note, of: self)
            memory.count { $0.bypasses += 1 }
            return nil
        }
        do { note.vector = try await vector(of: question.text, in: context) } catch {
            context.scope.setNote(note, of: self)
            throw error
        }
        let hit = try await find(question, &note, context)
        if hit == nil {
            context.scope.setNote(note, of: self)
            memory.count { $0.misses += 1 }
        }
        return hit
    }

    /// Looks for an answer in memory and in flight.
    /// - Parameter note: gets what the store is to know.
    private func find(
        _ question: SemanticQuestion,
        _ note: inout Note,
        _ context: CacheContext
    ) async throws -> CacheHit? {
        guard let vector = note.vector else { return nil }
        var hasWaited = false
        while true {
            try Task.checkCancellation()
            let sight = try look(at: question, vector)
            if options.mode == .shadow {
                note.trial = sight
                return nil
            }
            switch sight.decision.action {
            case .serve:
                if let hit = try serve(sight, for: question) { return hit }
                // Its answer could not be read, and the entry is gone: others may be near.
                continue
            case .check:
                note.trial = sight
                memory.count { $0.checks += 1 }
                // Whether the verdict comes or not, what the check may cost is to outlive the process.
                file?.keepLessons()
                return nil
            case .ask:
                // Who has waited in vain does not wait for the next in line: where answers are not kept, everybody would
                // ask one after the other.
                guard options.sharesFlights, !hasWaited else { return nil }
                switch flights.enter(question, vector, context, policy, options.guards, embedderSight) {
                case .lead(let lead):
                    note.lead = lead
                    return nil
                case .alone: return nil
                case .wait(let flight):
                    hasWaited = true
                    await wait(for: flight, context)
                }
            }
        }
    }

    /// Waits for an answer in flight: no longer than half of the time that the request has itself, so that enough is left to
    /// ask if the other's takes for ever.
    private func wait(for flight: Coalescer.SharedAnswer, _ context: CacheContext) async {
        let limit = context.request.deadline.map { TimeLimit.clock(.total, ($0 - time.now) / 2, from: time.now) } ?? nil
        _ = try? await withTimeLimit(limit, time) { await flight.wait() }
    }

    /// The neighbours of a question, and what the policy and the guards say of them.
    func look(at question: SemanticQuestion, _ vector: [Float]) throws(LLMError) -> Sight {
        let glance = try glance(
            at: question,
            vector,
            count: policy.neighbours,
            floor: policy.floor,
            needsMutual: policy.needsMutual
        )
        let traits = QuestionTraits(question.text)
        var neighbours = glance.neighbours.map { entry, similarity in
            Neighbourhood.Neighbour(
                entry: entry.id,
                similarity: similarity,
                answer: entry.content.answer,
                conflicts: traits.conflicts(with: entry.traits, at: similarity, sight: embedderSight)
                    .intersection(options.guards),
                overlap: traits.overlap(with: entry.traits)
            )
        }
        for (place, kinship) in zip(neighbours.indices, glance.kinships) { neighbours[place].kinship = kinship }
        let found = Neighbourhood(
            GuardTolerance.relaxed(neighbours, glance.neighbours.map(\.entry.traits)),
            mutual: glance.mutual,
            partition: question.partition.a,
            count: glance.count
        )
        return Sight(
            found: found,
            entries: glance.neighbours.map(\.entry),
            decision: guarded(decide(found), found)
        )
    }

    /// In shadow mode nothing is served, so nothing is to be spent or earned by it.
    private func decide(_ found: Neighbourhood) -> HitDecision {
        if options.mode == .shadow, let policy = policy as? any RehearsingPolicy { return policy.rehearse(found) }
        return policy.decide(found)
    }

    /// What is near a question. What had expired goes from the file, too, which would grow otherwise.
    func glance(
        at question: SemanticQuestion,
        _ vector: [Float],
        count: Int,
        floor: Double,
        needsMutual: Bool = false
    ) throws(LLMError) -> SemanticMemory.Glance {
        let now = now
        let glance = try memory.glance(
            at: question,
            vector,
            count: count,
            floor: floor,
            needsMutual: needsMutual,
            at: now
        )
        // What seems to come from the future stays there: this process's clock may be behind.
        let over = glance.expired.filter { entry in entry.content.expires.map { $0 <= now } ?? false }
        file?.removeLater(over.map(\.id), also: memory)
        return glance
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
    /// - Throws: ``LLMError`` if the policy served what it was not shown, or the entry is another partition's.
    private func serve(_ sight: Sight, for question: SemanticQuestion) throws(LLMError) -> CacheHit? {
        guard let index = sight.decision.neighbour, let entry = sight.judged else {
            throw LLMError(
                .invalidConfiguration,
                "the hit policy served a neighbour that it was not shown: it must name one of the \(sight.entries.count) found"
            )
        }
        // The last moment to see it: whatever went wrong before, nobody gets an answer that was somebody else's.
        guard entry.content.partition == question.partition else {
            memory.remove([entry.id]) { $0.corruptions += 1 }
            throw LLMError(
                .storage,
                "entry \(entry.id) of the semantic cache belongs to another partition; it was removed"
            )
        }
        guard let response = entry.response else {
            memory.remove([entry.id]) { $0.corruptions += 1 }
            file?.removeLater([entry.id], also: memory)
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
