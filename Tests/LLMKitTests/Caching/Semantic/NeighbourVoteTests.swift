import Testing

@testable import LLMKit

@Suite struct NeighbourVoteTests {
    private func found(_ neighbours: [(Double, UInt64)], mutual: [Float] = []) -> Neighbourhood {
        Neighbourhood(
            neighbours.enumerated().map {
                Neighbourhood.Neighbour(entry: Int64($0), similarity: $1.0, answer: $1.1)
            },
            mutual: mutual,
            count: neighbours.count
        )
    }

    /// numpy: `solve(exp(3 (C - 1)) + 0.2 I, exp(3 (c - 1)))`.
    @Test func `it is a kernel regression on the neighbours' answers`() throws {
        let found = found([(0.9, 7), (0.85, 7), (0.8, 9), (0.6, 8)], mutual: [0.95, 0.7, 0.65, 0.5, 0.55, 0.4])
        let vote = try #require(NeighbourVote(found, count: 48))
        #expect(vote.groups == [0, 0, 1, 2])
        #expect(vote.winner == 0)
        let weights = [0.4091859535161368, 0.1374638206035517, 0.2636201537004138]
        #expect(abs(vote.support - weights[0] - weights[1]) < 1e-6)
        #expect(abs(vote.lead - (weights[0] + weights[1] - weights[2])) < 1e-6)
        #expect(abs(vote.novelty - 0.4317388780035485) < 1e-6)
    }

    @Test func `copies of one question do not outvote independent ones`() throws {
        // Three copies of one wrong neighbour against two independent right ones, all equally near.
        let copies: [(Double, UInt64)] = [(0.8, 1), (0.8, 1), (0.8, 1), (0.8, 2), (0.8, 2)]
        let mutual: [Float] = [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
        #expect(try #require(NeighbourVote(found(copies, mutual: mutual), count: 48)).winner == 1)
    }

    @Test func `the answer served need not be the nearest neighbour's`() throws {
        let crowd: [(Double, UInt64)] = [(0.82, 1)] + (0..<6).map { _ in (0.81, 2) }
        let match = try #require(CalibratedMatch(found(crowd), neighbours: 48))
        #expect(match.answer == 2)
        #expect(match.neighbour == 1)
    }

    @Test func `nothing found is no match, and broken numbers are no trap`() throws {
        #expect(NeighbourVote(found([]), count: 48) == nil)
        let broken = found([(.nan, 1), (.infinity, 2), (-5, 3)], mutual: [.nan, .infinity, -9])
        let match = try #require(CalibratedMatch(broken, neighbours: 48))
        #expect(match.features.count == MatchFeature.basicCount)
        #expect(match.features.allSatisfy { $0.isFinite })
    }

    @Test func `an entry that a guard objects to is passed over for another with the same answer`() throws {
        var found = found([(0.95, 1), (0.94, 1), (0.93, 1)])
        found.neighbours[0].conflicts = .numbers
        var match = try #require(CalibratedMatch(found, neighbours: 48))
        #expect(match.neighbour == 1 && !match.isBarred)
        for place in found.neighbours.indices { found.neighbours[place].conflicts = .negation }
        match = try #require(CalibratedMatch(found, neighbours: 48))
        #expect(match.isBarred)
    }
}
