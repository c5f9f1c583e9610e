import LLMKit

extension SimulatedVendor {
    /// So many answers, at least one. The prompt is read and paid for once, whatever their number.
    func choices(
        _ count: Int,
        to conversation: Conversation,
        from model: SimulatedModel,
        _ split: PromptCache.Split,
        id: String,
        hash: StableHash
    ) -> [Choice] {
        let hashes = (0..<max(count, 1)).map { $0 == 0 ? hash : hash.combined(with: $0) }
        let answers = hashes.map { hash in
            var answer = model.answer(conversation, librarian: librarian, hash: hash)
            for index in answer.calls.indices { answer.calls[index].id = api.callPrefix + answer.calls[index].id }
            return answer
        }
        let usage = Usage(
            input: split.uncached,
            cacheRead: split.read,
            cacheWrite5m: split.written5m,
            cacheWrite1h: split.written1h,
            output: answers.reduce(0) { $0 + $1.count },
            reasoning: answers.reduce(0) { $0 + $1.thinkingTokens.count }
        )
        return zip(answers, hashes).map { answer, hash in
            Choice(answer, to: conversation, from: model, usage: usage, id: api.idPrefix + id, hash: hash)
        }
    }
}
