import Foundation

@testable import LLMKit

/// Whether slow runs are wanted: `LLMKIT_SOAK=1`.
enum Soak {
    static let isOn = ProcessInfo.processInfo.environment["LLMKIT_SOAK"] != nil
}

/// Questions with a true chance of a wrong match that is known, to count broken promises with.
struct SyntheticTraffic {
    /// How the chance of being wrong changes in the course of the stream.
    enum Change: CaseIterable {
        case none
        case jump
        case slide
        case shift
    }

    private let centre: Double
    private let steepness: Double
    private let base: Double
    private let skew: Double
    private let change: Change
    private let when: Double
    private let size: Double
    private(set) var generator: SeededGenerator

    /// - Parameter hard: near the bound whatever the score, the hardest traffic for a promise.
    init(seed: UInt64, change: Change = .none, hard: Double? = nil) {
        var generator = SeededGenerator(seed: seed &* 0x2545_F491_4F6C_DD1D &+ 1)
        func within(_ range: ClosedRange<Double>) -> Double {
            range.lowerBound + generator.unit() * (range.upperBound - range.lowerBound)
        }
        centre = hard == nil ? within(0.15...0.8) : -9
        steepness = within(5...25)
        base = hard ?? [0, 0, 0.002, 0.01, 0.03][Int(generator.next() % 5)]
        skew = within(0.6...2.5)
        when = within(0.3...0.8)
        size = [0.02, 0.05, 0.1, 0.3][Int(generator.next() % 4)]
        self.change = change
        self.generator = generator
    }

    /// A score, and the chance that the match is wrong.
    /// - Parameter time: how much of the stream has passed, 0 to 1.
    mutating func next(at time: Double) -> (score: Double, chance: Double) {
        // One neighbour alone has a vote of at most 1 / (1 + noise).
        let score = (1 - pow(generator.unit(), skew)) / (1 + NeighbourVote.noise)
        var centre = centre
        var added = 0.0
        switch change {
        case .none: break
        case .jump: added = time > when ? size : 0
        case .slide: added = size * time
        case .shift: centre += 0.3 * min(1, max(0, (time - when) / 0.1))
        }
        let chance = base + (1 - base) / (1 + exp(steepness * (score - centre))) + added
        return (score, min(1, chance))
    }

    /// A number of 0 up to 1, for tossing.
    mutating func draw() -> Double { generator.unit() }

    /// A neighbourhood of one neighbour whose vote is the score.
    static func neighbourhood(score: Double, partition: UInt64 = 0) -> Neighbourhood {
        // The vote of one neighbour is exp(steepness * (cosine - 1)) / (1 + noise).
        let kernel = max(1e-9, score * (1 + NeighbourVote.noise))
        let cosine = 1 + log(min(1, kernel)) / NeighbourVote.steepness
        let neighbour = Neighbourhood.Neighbour(entry: 1, similarity: cosine, answer: 1)
        return Neighbourhood([neighbour], partition: partition, count: 1)
    }
}
