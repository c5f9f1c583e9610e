import Testing

@testable import LLMKit

@Suite struct PartitionMetricsTests {
    private static let dimensions = 32
    private let here = Fingerprint(of: ChatRequest("here"))
    private let twins = AnswerMetricTests.Twins(400)

    private func metrics(isNeeded: Bool = true, byteLimit: Int = 1 << 20) -> PartitionMetrics {
        PartitionMetrics(dimensions: Self.dimensions, isNeeded: isNeeded, byteLimit: byteLimit)
    }

    @Test func `a fit begins when there is enough, and again when a quarter has changed`() {
        var metrics = metrics()
        var begun: [Int] = []
        for count in 1...200 where metrics.note(here, count: count) {
            begun.append(count)
            if let fit = metrics.begin(here) {
                #expect(metrics.begin(here) == nil)
                _ = metrics.end(here, twins.metric, fit: fit, count: count)
            }
        }
        #expect(begun == [65, 87, 116, 155])
        #expect(metrics[here] != nil)
    }

    @Test func `what takes no part, or would take too much, is never fitted`() {
        for var metrics in [metrics(isNeeded: false), metrics(byteLimit: 8 * 1024)] {
            let begun = (1...500).filter { metrics.note(here, count: $0) }
            #expect(begun.isEmpty)
            #expect(metrics.bytes == 0)
        }
    }

    @Test func `a fit that saw what was erased meanwhile is not adopted, and another begins`() throws {
        var metrics = metrics()
        for count in 1...100 { _ = metrics.note(here, count: count) }
        let begun = metrics.begin(here)
        let fit = try #require(begun)
        var isDue = metrics.erase(here, count: 90)
        #expect(!isDue, "one is under way")
        isDue = metrics.end(here, twins.metric, fit: fit, count: 90)
        #expect(isDue && metrics[here] == nil)
        let another = metrics.begin(here)
        let next = try #require(another)
        isDue = metrics.end(here, twins.metric, fit: next, count: 90)
        #expect(!isDue && metrics[here] != nil)
        isDue = metrics.erase(here, count: 89)
        #expect(isDue && metrics[here] == nil)
    }

    @Test func `a partition that went and came back does not get the metric of the one that went`() throws {
        var metrics = metrics()
        for count in 1...100 { _ = metrics.note(here, count: count) }
        let begun = metrics.begin(here)
        let fit = try #require(begun)
        _ = metrics.note(here, count: 0)
        #expect(metrics.bytes == 0)
        _ = metrics.note(here, count: 1)
        let isDue = metrics.end(here, twins.metric, fit: fit, count: 1)
        #expect(!isDue && metrics[here] == nil)
    }

    private func filled() throws -> SemanticMemory {
        var options = SemanticCacheOptions()
        options.bytes = 16 << 20
        let memory = SemanticMemory(dimensions: Self.dimensions, options, needsMetrics: true)
        let partition = try question().partition
        for (row, vector) in twins.vectors.enumerated() {
            let content = SemanticEntry.Content(
                partition: partition,
                question: "question \(row)",
                answer: twins.answers[row],
                created: 0
            )
            try memory.insert(SemanticEntry(id: Int64(row + 1), content, response: ChatResponse("answer")), vector)
        }
        return memory
    }

    private func question() throws -> SemanticQuestion {
        let request = ChatRequest("question")
        return try #require(SemanticQuestion(request, CacheContext(request), SemanticCacheOptions()))
    }

    /// The fits run on a thread of their own: waits until one is in use.
    private func kinships(_ memory: SemanticMemory) async throws -> [Double] {
        let question = try question()
        for _ in 0..<1000 {
            let glance = try memory.glance(at: question, twins.vectors[0], count: 5, floor: 0, needsMutual: true, at: 0)
            if !glance.kinships.isEmpty { return glance.kinships }
            try await Task.sleep(for: .milliseconds(10))
        }
        return []
    }

    @Test func `a cache fits its metric beside look-ups, counts what it takes, and gives it back`() async throws {
        let memory = try filled()
        #expect(try await kinships(memory).count == 5)
        let glance = try memory.glance(at: question(), twins.vectors[0], count: 5, floor: 0, at: 0)
        #expect(glance.kinships.isEmpty, "nobody asked for them")
        memory.remove(memory.ids { _ in true })
        #expect(memory.statistics.bytes == 0)
    }

    @Test func `erasing forgets what was learned from the erased`() async throws {
        let memory = try filled()
        _ = try await kinships(memory)
        let before = try await kinships(memory)
        memory.erase(Erasure(scope: .everything, last: 60))
        let after = try await kinships(memory)
        #expect(!after.isEmpty && after != before)
    }
}
