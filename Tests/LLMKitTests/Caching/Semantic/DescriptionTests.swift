import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

/// What people see who print what the semantic cache gives them.
@Suite struct DescriptionTests {
    private static let found = Neighbourhood(
        (0..<48).map { .init(entry: $0, similarity: 0.941_23 - Double($0) / 100, answer: 1) },
        mutual: Array(repeating: 0.5, count: 48 * 47 / 2),
        count: 3000
    )

    @Test func `a match tells entry, cosine, decision and saving`() {
        let match = SemanticMatch(
            entry: 12,
            similarity: 0.941_23,
            decision: .serve(0, score: 0.97, threshold: 0.93),
            found: Self.found,
            saved: Money(picodollars: 400_000_000)
        )
        #expect(
            "\(match)"
                == "entry 12, cosine 0.941, serve: score 0.97 of 0.93 needed, \(Money(picodollars: 400_000_000)) saved"
        )
    }

    @Test func `a decision without a threshold, or without a match, says so`() {
        #expect("\(HitDecision.ask())" == "ask: no match")
        let closed = HitDecision.check(0, score: 0.5, threshold: .infinity)
        #expect("\(closed)" == "check: score 0.5, nothing like it is served yet")
    }

    @Test func `a trial takes a line, whatever it holds`() {
        let trial = HitTrial(found: Self.found, decision: .check(0, score: 0.97, threshold: 0.93), wasRight: false)
        let row = CacheTrial(date: Date(), entry: 12, source: .recheck, trial: trial)
        #expect(
            "\(row)"
                == "recheck of entry 12: check: score 0.97 of 0.93 needed; was wrong; 48 neighbours of 3000 questions, the nearest at 0.941"
        )
        #expect("\(CalibrationSample(trial, neighbours: 48))" == "sample: wrong, in a cache of 3000")
        #expect("\(Neighbourhood([]))" == "0 neighbours of 0 questions")
    }

    @Test func `a calibration tells its goal, its embedder, and what it proves`() {
        let stage = Calibration.Stage(
            count: 100,
            intercept: 0,
            terms: [],
            threshold: 0.931_2,
            samples: 4000,
            hits: 1200,
            wrong: 12,
            limit: 0.018,
            strangers: 0,
            strangerHits: 0,
            boundBy: .wrongShare,
            curve: []
        )
        var calibration = Calibration(goal: .init(wrongShare: 0.02), neighbours: 48, stages: [stage])
        calibration.vectors = VectorOrigin(embedder: "plane", dimensions: 64)
        #expect(
            "\(calibration)" == """
                calibration for the embedder 'plane' (64 numbers): at most 2 % of hits wrong, with 95 % confidence
                  caches from 100 questions on: from a trust of 0.931 on; 1200 of 4000 samples hits, 12 of them wrong, 1.8 % at most
                """
        )
        calibration.vectors = nil
        #expect("\(calibration)".contains("an unknown embedder"))
    }

    @Test func `labelled questions tell how many they are, and no vector`() throws {
        let questions = try LabelledQuestions(
            ["a", "b", "c", "d"],
            vectors: Array(repeating: [1, 0], count: 4),
            answers: [1, 1, 2, nil]
        )
        #expect("\(questions)" == "4 questions with 2 answers, 1 without one")
    }
}
