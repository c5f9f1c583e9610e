import Testing

@testable import LLMKit

@Suite struct FixedThresholdTests {
    private func found(_ similarity: Double, _ conflicts: MatchGuards = []) -> Neighbourhood {
        Neighbourhood([.init(entry: 1, similarity: similarity, answer: 1, conflicts: conflicts)], count: 1)
    }

    @Test func `the nearest is served if it is near enough and no guard objects`() {
        let policy = FixedThreshold(0.92)
        #expect(policy.decide(found(0.92)).action == .serve)
        #expect(policy.decide(found(0.9199)).action == .ask)
        let refused = policy.decide(found(0.999, .negation))
        #expect(refused.action == .ask && !refused.isHit)
        #expect(policy.decide(Neighbourhood([])).action == .ask)
        #expect(policy.neighbours == 1 && policy.floor == 0.92)
    }

    @Test(arguments: [0, -0.5, 1.01, .nan] as [Double]) func `a threshold that makes no sense is refused`(value: Double)
    {
        let error = #expect(throws: LLMError.self) { try FixedThreshold(value).validate() }
        #expect(error?.code == .invalidConfiguration)
    }
}
