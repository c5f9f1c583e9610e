public import LLMKit

/// Checks that a cache keeps the rules of ``LLMKit/Cache``, for the tests of whoever writes one.
///
/// ```swift
/// try await CacheConformance().check { MyCache() }
/// ```
public struct CacheConformance: Sendable {
    package var request: ChatRequest
    package var patience: Duration

    /// - Parameters:
    ///   - request: whose answers are stored: a question that no other question in the cache resembles.
    ///   - patience: how long anything may take.
    public init(request: ChatRequest = "How tall is Mont Blanc?", patience: Duration = .seconds(180)) {
        self.request = request
        self.patience = patience
    }

    /// Runs every check.
    /// - Parameter makeCache: makes an empty cache; called several times.
    /// - Throws: ``ConformanceFailure`` that lists every broken rule.
    public func check<Tested: Cache>(
        _ makeCache: @escaping @Sendable () async throws -> Tested
    ) async throws(ConformanceFailure) {
        let report = ConformanceReport("Cache")
        await report.run("looking up and storing") {
            try await checkHits(try await makeCache(), report)
        }
        for (difference, other) in differentRequests {
            await report.run("a request with another \(difference)") {
                let cache = try await makeCache()
                try await store(answer, for: request, in: cache)
                let hit = try await lookup(other, in: cache)
                report.expect(hit == nil, "a request with another \(difference) must not hit")
            }
        }
        for (difference, other) in differentContexts {
            await report.run("another \(difference) of the context") {
                let cache = try await makeCache()
                try await store(answer, for: request, in: cache)
                let hit = try await patiently(patience) { [request] in try await cache.lookup(request, in: other) }
                report.expect(hit == nil, "the same request with another context.\(difference) must not hit")
            }
        }
        await report.run("use by many tasks at the same time") {
            try await checkConcurrency(try await makeCache(), report)
        }
        try report.finish()
    }

    private var answer: ChatResponse { ChatResponse("4806 metres", usage: Usage(input: 8, output: 4)) }

    private func lookup(_ request: ChatRequest, in cache: some Cache) async throws -> CacheHit? {
        try await patiently(patience) { try await cache.lookup(request, in: CacheContext(request)) }
    }

    private func store(_ response: ChatResponse, for request: ChatRequest, in cache: some Cache) async throws {
        try await patiently(patience) { try await cache.store(response, for: request, in: CacheContext(request)) }
    }

    private func checkHits(_ cache: some Cache, _ report: ConformanceReport) async throws {
        report.expect(try await lookup(request, in: cache) == nil, "an empty cache must not hit")
        try await store(answer, for: request, in: cache)
        for _ in 0..<2 {
            let hit = try await lookup(request, in: cache)
            report.expect(hit != nil, "a stored answer must be found")
            guard let found = hit?.response else { continue }
            report.expect(found.message == answer.message, "the message found is not the one stored")
            report.expect(found.usage == answer.usage, "the usage found is not the one stored")
            report.expect(found.finish == answer.finish, "the finish reason found is not the one stored")
            report.expect(found.state == answer.state, "the terminal state found is not the one stored")
        }
        var sibling = request
        sibling.caller.conversation = "another"
        sibling.deadline = .now + .seconds(60)
        let hit = try await lookup(sibling, in: cache)
        report.expect(hit != nil, "the deadline and the conversation's name must not matter")
        let newer = ChatResponse("4805.59 metres")
        try await store(newer, for: request, in: cache)
        let found = try await lookup(request, in: cache)
        report.expect(found?.response.text == newer.text, "an answer stored again must replace the first")
    }

    /// Requests that may get another answer, or must not see this one.
    private var differentRequests: [(String, ChatRequest)] {
        func changed(_ change: (inout ChatRequest) -> Void) -> ChatRequest {
            var copy = request
            change(&copy)
            return copy
        }
        var requests = [
            ("tenant", changed { $0.caller.tenant = "another" }),
            ("system prompt", changed { $0.messages.insert(.system("Answer in feet."), at: 0) }),
            ("question", changed { $0.messages = [.user("Write a poem about the sea.")] }),
            ("model", changed { $0.model = "another" }),
            ("temperature", changed { $0.sampling.temperature = 1.3 }),
            ("limit on output tokens", changed { $0.sampling.maxOutputTokens = 3 }),
            ("seed", changed { $0.sampling.seed = 7 }),
            ("cache partition", changed { $0.cachePartition = "another" }),
            ("response format", changed { $0.responseFormat = .json }),
            ("history", changed { $0.messages = [.user("Feet, please."), .assistant("Sure.")] + $0.messages }),
        ]
        if let parameters = try? JSONSchema(#"{"type":"object","properties":{}}"#) {
            let tool = Tool("lookup", description: "Looks things up.", parameters: parameters)
            requests.append(("set of tools", changed { $0.tools = [tool] }))
        }
        return requests
    }

    /// The same request where other models may answer, or where the route depends on something else of the caller.
    ///
    /// Whoever takes the context's fingerprint for a key has both in it.
    private var differentContexts: [(String, CacheContext)] {
        [
            ("models", CacheContext(request, models: "another")),
            ("partition", CacheContext(request, partition: "another")),
        ]
    }

    private func checkConcurrency(_ cache: some Cache, _ report: ConformanceReport) async throws {
        let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    var own = request
                    own.caller.tenant = "tenant-\(index % 16)"
                    try await store(ChatResponse("answer \(index % 16)"), for: own, in: cache)
                    let hit = try await lookup(own, in: cache)
                    return hit.map { $0.response.text != "answer \(index % 16)" } ?? true
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        report.expect(wrong == 0, "\(wrong) of 64 tasks at the same time did not find their own answer")
    }
}
