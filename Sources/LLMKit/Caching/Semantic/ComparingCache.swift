/// A cache that may want to see what a model answers to a request, although it must not keep it.
protocol ComparingCache: Cache {
    /// Compares the answer with what would have been served, if the look-up decided on that. Waits for nothing.
    func compare(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) async
}

extension SemanticCache: ComparingCache {
    func compare(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) async {
        guard options.admission.admits(response), let note = context.scope.note(of: self, as: Note.self),
            let trial = note.trial, let question = SemanticQuestion(request, context, options)
        else { return }
        context.scope.setNote(nil as Note?, of: self)
        await check(trial, question.text, against: response, request, context, since: note.erasures)
    }
}
