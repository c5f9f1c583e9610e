extension SemanticCache {
    public func store(_ response: ChatResponse, for query: CacheQuery) async throws {
        guard options.admission.admits(response), let question = SemanticQuestion(query, options) else { return }
        let note = query.note(of: self, as: Note.self)
        // However this ends, nobody is to wait any longer than that.
        defer { query.setNote(nil as Note?, of: self) }
        if let trial = note?.trial { await check(trial, against: response, query) }
        let vector =
            if let note { note.vector } else { try await vector(of: question.text, for: query) }
        try await keep(response, question, vector, query.request)
        note?.lead?.land(response)
    }

    /// Adds an entry to memory and file.
    private func keep(
        _ response: ChatResponse,
        _ question: SemanticQuestion,
        _ vector: [Float],
        _ request: ChatRequest
    ) async throws {
        let created = now
        var kept = response
        kept.match = nil
        let content = SemanticEntry.Content(
            partition: question.partition,
            question: question.text,
            answer: Self.answerNumber(response),
            tenant: request.caller.tenant,
            user: request.caller.user,
            tags: request.caller.tags,
            cost: Int64(clamping: response.cost?.picodollars ?? 0),
            created: created,
            expires: options.ttl.map { created + Milliseconds.count($0) }
        )
        var failure: LLMError?
        var id: Int64?
        if let file {
            // A disk that fails costs the file an entry, not the memory.
            do throws(LLMError) { id = try await file.insert(content, vector: vector, response: kept) } catch {
                failure = error
            }
        }
        let entry = SemanticEntry(id: id ?? nextID(), content, response: kept)
        let gone = try memory.insert(entry, vector)
        if !gone.contains(entry.id) { memory.count { $0.stores += 1 } }
        if let failure { throw failure }
        try await file?.remove(gone)
    }

    /// Answers of the same words have the same number.
    private static func answerNumber(_ response: ChatResponse) -> UInt64 {
        var hash = SHA256()
        hash.update(Array((AnswerNormalizer.caseAndSpaceFolded(response.text) ?? response.text).utf8))
        return hash.finalizeWords().0
    }

    /// Compares the fresh answer with the one that would have been served, and tells the policy.
    ///
    /// In a pipeline this happens beside the request, which need not wait for it.
    private func check(_ sight: Sight, against fresh: ChatResponse, _ query: CacheQuery) async {
        guard let entry = sight.judged, let remembered = entry.response else { return }
        let (request, date) = (query.request, time.date)
        let source = options.mode == .shadow ? CacheTrial.Source.shadow : .recheck
        let check: CacheErrands.Check = { [judge = options.judge, policy] models in
            guard let isSame = try? await judge.agree(fresh, remembered, on: request, models: models) else { return nil }
            let trial = HitTrial(found: sight.found, decision: sight.decision, wasRight: isSame)
            policy.learn(trial)
            return CacheTrial(
                date: date,
                requestID: request.context?.requestID,
                tenant: request.caller.tenant,
                entry: entry.id,
                source: source,
                trial: trial
            )
        }
        if query.runsErrands {
            query.leave { $0.checks.append(check) }
        } else {
            _ = await check(.none)
        }
    }

    /// Tells the cache whether an answer that it served was right, as the app or its user found out later.
    ///
    /// The policy learns from it, and the entry of a wrong answer is removed.
    /// - Parameters:
    ///   - match: what came with the answer: ``ChatResponse/match``.
    ///   - wasRight: whether the answer was right for the question.
    /// - Returns: what a ledger may keep of it: ``Ledger/record(_:)-(CacheTrial)``.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be written.
    @discardableResult
    public func report(_ match: SemanticMatch, wasRight: Bool) async throws(LLMError) -> CacheTrial {
        let trial = HitTrial(found: match.found, decision: match.decision, wasRight: wasRight)
        policy.learn(trial)
        if !wasRight { try await remove(entry: match.entry) }
        return CacheTrial(date: time.date, entry: match.entry, source: .feedback, trial: trial)
    }
}
