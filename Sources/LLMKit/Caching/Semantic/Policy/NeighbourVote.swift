import CPlatform

/// Which answer the neighbours speak for, and how clearly.
///
/// A kernel regression (a Gaussian process with a noisy label per neighbour) on the neighbours' answers: near ones count
/// more than far ones, and ones that are near copies of each other count together as one, which a plain vote cannot do.
/// With `K` the kernel among the neighbours, `k` that between them and the question, and `λ` the noise, neighbour `i` weighs
/// `wᵢ = ((K + λ)⁻¹ k)ᵢ`, and an answer gets the sum over its neighbours.
struct NeighbourVote {
    /// How fast a neighbour's weight falls with its cosine: the kernel is `exp(steepness * (cosine - 1))`.
    static let steepness = 3.0
    /// How far a single neighbour's answer is to be doubted, as a variance beside the kernel's 1.
    static let noise = 0.2

    /// For every neighbour the number of its answer, in order of appearance.
    let groups: [Int]
    let groupCount: Int
    /// The answer that got most, as a number in ``groups``.
    let winner: Int
    /// What the winner got; 1 would be certainty.
    let support: Double
    /// What the winner got above what the next answer got.
    let lead: Double
    /// How little the neighbours say about the question at all: 1 for nothing, near 0 next to a neighbour.
    let novelty: Double
    /// What every answer got.
    let shares: [Double]

    /// - Parameter count: how many of the neighbours take part.
    init?(_ found: Neighbourhood, count: Int) {
        let neighbours = found.neighbours.prefix(count)
        let n = neighbours.count
        guard n > 0 else { return nil }
        (groups, groupCount) = Self.group(neighbours)
        let cosines = neighbours.map { $0.similarity.isFinite ? max(-1, min(1, $0.similarity)) : -1 }
        var kernel = [Double](repeating: 0, count: n * (n + 1) / 2)
        let isKnown = found.mutual.count >= n * (n - 1) / 2
        var place = 0
        for i in 0..<n {
            let start = i * (i - 1) / 2
            for j in 0..<i {
                // Where it is not known, two neighbours share no more than what each shares with the question.
                var cosine = isKnown ? Double(found.mutual[start + j]) : cosines[i] * cosines[j]
                if !cosine.isFinite { cosine = 0 }
                kernel[place] = exp(Self.steepness * (max(-1, min(1, cosine)) - 1))
                place += 1
            }
            kernel[place] = 1 + Self.noise
            place += 1
        }
        let question = cosines.map { exp(Self.steepness * ($0 - 1)) }
        let weights = CholeskyFactor(packed: kernel, size: n).solve(question)
        var explained = 0.0
        var shares = [Double](repeating: 0, count: groupCount)
        for i in 0..<n {
            explained += weights[i] * question[i]
            shares[groups[i]] += weights[i]
        }
        // Of equal shares the one whose neighbour is nearer.
        var winner = 0
        for group in 1..<max(1, groupCount) where shares[group] > shares[winner] { winner = group }
        var second = 0.0
        for group in 0..<groupCount where group != winner { second = max(second, shares[group]) }
        self.winner = winner
        self.shares = shares
        support = shares[winner]
        lead = shares[winner] - second
        novelty = max(0, 1 - explained)
    }

    private static func group(_ neighbours: ArraySlice<Neighbourhood.Neighbour>) -> ([Int], Int) {
        var answers: [UInt64] = []
        let groups = neighbours.map { neighbour in
            if let known = answers.firstIndex(of: neighbour.answer) { return known }
            answers.append(neighbour.answer)
            return answers.count - 1
        }
        return (groups, answers.count)
    }
}
