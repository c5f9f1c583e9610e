import LLMKit

// Compiled, but not run: these samples need the weights of an encoder, a key and a ledger that has seen traffic.

private func cacheInOtherWords() async throws {
    // BEGIN Semantic-caching
    let encoder = try MiniLMEmbedder(folder: "models/all-minilm-l6-v2", precision: .int8)
    let pipeline = try Pipeline(
        router: .to("small"),
        caches: [
            .memory(),
            .ifAvailable { try .semantic(encoder, policy: .adaptive(errorBound: 0.02), path: "semantic.sqlite") },
        ],
        meter: try Ledger(path: "calls.sqlite")
    ) {
        ChatModel("small", .openAI("gpt-4o-mini"))
    }
    let answer = try await pipeline.respond(to: "When does the pool open?")
    if let match = answer.match {
        print(match.entry, match.similarity, match.threshold, match.saved ?? "price unknown")
    }
    // END Semantic-caching
}

private func calibrate(_ encoder: MiniLMEmbedder, _ questions: [(text: String, answer: UInt64?)]) async throws {
    // BEGIN Semantic-caching
    let vectors = try await encoder.embed(questions.map(\.text)).vectors
    let labelled = try LabelledQuestions(questions.map(\.text), vectors: vectors, answers: questions.map(\.answer))
    let calibration = try Calibration.fit(labelled.samples(), goal: .init(wrongShare: 0.02), embedder: encoder.info)
    let cache = try SemanticCache(encoder, policy: .calibrated(calibration))
    // END Semantic-caching
    _ = cache
}

private func calibrate(_ ledger: Ledger, _ policy: some HitPolicy) async throws {
    // BEGIN Semantic-caching
    let trials = try await ledger.trials()
    let samples = CalibrationSample.samples(of: trials, neighbours: policy.neighbours)
    let calibration = try Calibration.fit(samples, goal: .init(wrongShare: 0.02))
    // END Semantic-caching
    _ = calibration
}
