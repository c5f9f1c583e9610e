extension SemanticCache {
    public func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) async throws {
        guard options.admission.admits(response), let question = SemanticQuestion(request, context, options) else {
            return
        }
        let note = context.scope.note(of: self, as: Note.self)
        // However this ends, nobody is to wait any longer than that.
        defer { context.scope.setNote(nil as Note?, of: self) }
        let erasures = note?.erasures ?? memory.erasureCount
        if let trial = note?.trial {
            await check(trial, question.text, against: response, request, context, since: erasures)
        }
        let vector: [Float]
        if let note {
            // An embedder that has just failed is not asked again for the same question.
            guard let known = note.vector else { return }
            vector = known
        } else {
            guard embedderHealth.mayTry(at: time.now) else { return }
            vector = try await self.vector(of: question.text, in: context)
        }
        let answer = try await answerNumber(of: response, question, vector, context)
        try await keep(response, as: answer, question, vector, request, since: erasures)
        note?.lead?.land(response)
    }

    /// Adds an entry to memory and file.
    private func keep(
        _ response: ChatResponse,
        as answer: UInt64,
        _ question: SemanticQuestion,
        _ vector: [Float],
        _ request: ChatRequest,
        since erasures: Int
    ) async throws {
        let created = now
        var kept = response
        kept.match = nil
        let content = SemanticEntry.Content(
            partition: question.partition,
            question: question.text,
            answer: answer,
            tenant: request.caller.tenant,
            user: request.caller.user,
            tags: request.caller.tags,
            cost: Int64(clamping: response.cost?.picodollars ?? 0),
            created: created,
            expires: options.ttl.map { created + Milliseconds.count($0) }
        )
        // Nothing that memory would refuse may reach the file; its vector was checked when it was made.
        guard memory.fits(SemanticEntry.bytes(content, kept)) else { return }
        var failure: LLMError?
        var id = nextID()
        if let file {
            // A disk that fails costs the file an entry, not the memory.
            do throws(LLMError) {
                let written = try await file.insert(content, vector: vector, response: kept) { [memory] in
                    memory.isErased(content, since: erasures)
                }
                guard let written else { return }
                id = written
            } catch {
                failure = error
            }
        }
        let entry = SemanticEntry(id: id, content, response: kept)
        let gone = try memory.insert(entry, vector, since: erasures)
        if !gone.contains(entry.id) { memory.count { $0.stores += 1 } }
        if let failure { throw failure }
        try await file?.remove(gone, also: memory)
    }

    /// The number that the answer shares with those that say the same.
    ///
    /// Where vectors count, it is compared with the answers to the nearest questions: no others will ever stand beside it.
    private func answerNumber(
        of response: ChatResponse,
        _ question: SemanticQuestion,
        _ vector: [Float],
        _ context: CacheContext
    ) async throws -> UInt64 {
        guard options.answers.needsVectors else { return options.answers.number(for: response.text) }
        let near = try glance(at: question, vector, count: Self.comparedAnswers, floor: 0).neighbours
            .compactMap { found in found.entry.response.map { (entry: found.entry, text: $0.text) } }
        let unknown = near.filter { $0.entry.answerVector == nil }
        let vectors = try await vectors(of: [response.text] + unknown.map(\.text), in: context)
        for (answer, vector) in zip(unknown, vectors.dropFirst()) { memory.keep(vector, ofAnswerIn: answer.entry) }
        guard let fresh = vectors.first else { return options.answers.number(for: response.text) }
        return options.answers.number(for: response.text) { least in
            near.compactMap { answer in
                let similarity = cosine(of: fresh, and: answer.entry.answerVector ?? [])
                return similarity >= least ? (similarity, answer) : nil
            }
            .sorted { $0.0 > $1.0 }
            .map { AnswerIdentity.Known(number: $0.1.entry.content.answer, text: $0.1.text) }
        }
    }

    /// How many answers to similar questions a fresh one is compared with.
    private static let comparedAnswers = 8

    /// Compares the fresh answer with the one that would have been served, and tells the policy.
    ///
    /// In a pipeline this happens beside the request, which need not wait for it.
    func check(
        _ sight: Sight,
        _ asked: String,
        against fresh: ChatResponse,
        _ request: ChatRequest,
        _ context: CacheContext,
        since erasures: Int
    ) async {
        guard let entry = sight.judged, let remembered = entry.response else { return }
        let date = time.date
        let source = options.mode == .shadow ? CacheTrial.Source.shadow : .recheck
        let scope = context.scope.with(purpose: .check)
        let work: @Sendable () async throws -> CacheTrial? = { [self, judge = options.judge] in
            let verdict: Bool?
            do { verdict = try await judge.agree(fresh, remembered, on: request, in: scope) } catch {
                queue(sight, asked, judged: nil, entry, request.caller, since: erasures)
                throw error
            }
            queue(sight, asked, judged: verdict, entry, request.caller, since: erasures)
            guard let isSame = verdict else { return nil }
            let trial = HitTrial(found: sight.found, decision: sight.decision, wasRight: isSame)
            learn(trial)
            return CacheTrial(
                date: date,
                requestID: context.scope.requestID,
                tenant: request.caller.tenant,
                entry: entry.id,
                source: source,
                trial: trial,
                vectors: embedder.info.origin
            )
        }
        if let pipeline = context.scope.host as? any CacheTrialHost {
            _ = context.scope.runBeside {
                do {
                    if let trial = try await work() { pipeline.record(trial) }
                } catch {
                    if !Task.isCancelled { pipeline.report(LLMError(wrapping: error)) }
                }
            }
        } else {
            // Nobody is there to be told, and a judge that fails must not cost the cache an entry.
            _ = try? await work()
        }
    }

    /// Lets somebody judge the match, if the app wants that, and nobody has ordered to forget it meanwhile.
    private func queue(
        _ sight: Sight,
        _ asked: String,
        judged: Bool?,
        _ entry: SemanticEntry,
        _ caller: Caller,
        since erasures: Int
    ) {
        guard let review = options.review else { return }
        let trial = HitTrial(found: sight.found, decision: sight.decision, wasRight: judged ?? false)
        var match = ReviewQueue.Match(trial, of: entry, neighbours: policy.neighbours)
        (match.judged, match.asked, match.caller) = (judged, asked, caller)
        match.vectors = embedder.info.origin
        // In shadow mode everything is compared, whatever the policy says.
        match.rate = options.mode == .shadow ? 1 : sight.decision.checkRate
        review.add(match) { [memory] in
            memory.isErased(entry.content, since: erasures) || memory.isErased(caller, since: erasures)
        }
    }

    /// Tells the cache whether an answer that it served was right, as the app or its user found out later.
    ///
    /// The policy learns from it, and the entry of a wrong answer is removed.
    /// - Parameters:
    ///   - match: what came with the answer: ``ChatResponse/match``.
    ///   - wasRight: whether the answer was right for the question.
    /// - Returns: what a ledger may keep of it: see ``CacheTrialLog``.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be written.
    @discardableResult
    public func report(_ match: SemanticMatch, wasRight: Bool) async throws(LLMError) -> CacheTrial {
        let trial = HitTrial(found: match.found, decision: match.decision, wasRight: wasRight)
        learn(trial)
        let erasures = memory.erasureCount
        if let review = options.review, let entry = memory.entry(match.entry) {
            var judged = ReviewQueue.Match(trial, of: entry, neighbours: policy.neighbours)
            (judged.verdict, judged.vectors) = (wasRight, embedder.info.origin)
            review.add(judged) { [memory] in memory.isErased(entry.content, since: erasures) }
        }
        if !wasRight { try await remove(entry: match.entry) }
        return CacheTrial(
            date: time.date,
            entry: match.entry,
            source: .feedback,
            trial: trial,
            vectors: embedder.info.origin
        )
    }
}
