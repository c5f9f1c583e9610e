/// One match whose outcome is known, in the few numbers that a ``Calibration`` is fitted from.
///
/// It holds no text and no vector, so it may be kept in a ledger.
public struct CalibrationSample: Hashable, Sendable, Codable {
    /// The numbers of the match, in the order of `MatchFeature`'s `allCases`, as many as are known; empty if nothing was found.
    package var features: [Double]
    /// Whether the remembered answer would have been right.
    package var wasRight: Bool
    /// Whether any remembered answer would have been right.
    package var wasAnswerable: Bool
    /// Whether guards forbade to serve the answer whatever the numbers say.
    package var wasBarred: Bool
    /// How many neighbours were looked for.
    package var neighbours: Int
    /// How many questions the partition remembered.
    package var count: Int
    /// Whose vectors were compared; `nil` where that is not known, as in files of older versions.
    package var vectors: VectorOrigin?
    /// What it was made of; `nil` where that is not known.
    package var unit: Unit?

    /// The sample of a trial.
    /// - Parameters:
    ///   - trial: with the neighbour that was judged; if it names none, the answer that the neighbours vote for is taken for
    ///     judged.
    ///   - neighbours: how many neighbours the policy asked for (``HitPolicy/neighbours``).
    public init(_ trial: HitTrial, neighbours: Int) {
        self.init(trial.found, neighbours, judged: trial.decision.neighbour, trial.wasRight, trial.wasAnswerable)
    }

    /// The sample of a question whose right answer is known.
    /// - Parameters:
    ///   - found: what was found near the question, itself not among it.
    ///   - answer: the right answer; `nil` if no remembered answer is ever right.
    ///   - isAnswerable: whether the cache held that answer at all.
    ///   - neighbours: how many neighbours were looked for.
    package init(
        _ found: Neighbourhood,
        answer: UInt64?,
        isAnswerable: Bool,
        neighbours: Int = Calibration.mostNeighbours
    ) {
        let match = CalibratedMatch(found, neighbours: neighbours)
        let isRight = match.map { $0.answer == answer } ?? false
        self.init(found, neighbours, judged: match?.neighbour, isRight, isAnswerable)
        unit = .question
    }

    /// The sample of a pair of questions, of which one is taken for remembered and the other for asked.
    /// - Parameters:
    ///   - similarity: the cosine of the two, -1 to 1.
    ///   - overlap: the share of words that they have in common, 0 to 1.
    ///   - conflicts: what guards found to tell them apart.
    ///   - isSame: whether one's answer is right for the other.
    public init(similarity: Double, overlap: Double, conflicts: MatchGuards = [], isSame: Bool) {
        let neighbour = Neighbourhood.Neighbour(
            entry: 0,
            similarity: similarity,
            answer: 0,
            conflicts: conflicts,
            overlap: overlap
        )
        self.init(Neighbourhood([neighbour]), 1, judged: 0, isSame, true)
        unit = .pair
    }

    private init(_ found: Neighbourhood, _ neighbours: Int, judged: Int?, _ isRight: Bool, _ isAnswerable: Bool) {
        self.neighbours = min(max(1, neighbours), Calibration.mostNeighbours)
        let match = CalibratedMatch(found, neighbours: self.neighbours, judged: judged)
        features = match?.features ?? []
        wasBarred = match?.isBarred ?? true
        wasRight = isRight
        wasAnswerable = isAnswerable
        count = found.count
    }
}

extension CalibrationSample: CustomStringConvertible {
    /// Such as `check: right, in a cache of 3000`.
    public var description: String {
        let outcome =
            features.isEmpty ? "nothing found" : wasBarred ? "barred by a guard" : wasRight ? "right" : "wrong"
        return "\(unit?.rawValue ?? "sample"): \(outcome), in a cache of \(count)"
    }
}
