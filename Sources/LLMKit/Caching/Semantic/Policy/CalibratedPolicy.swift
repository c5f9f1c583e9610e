/// Serves a match if a ``Calibration`` proves that such matches are wrong no more often than its owner allows.
///
/// It looks at the whole neighbourhood: the answer that it serves is the one that the neighbours vote for, which need not be
/// the nearest neighbour's.
public struct CalibratedPolicy: HitPolicy {
    public var calibration: Calibration

    public init(_ calibration: Calibration) { self.calibration = calibration }

    public var neighbours: Int { calibration.neighbours }
    public var floor: Double { 0 }
    public var needsMutual: Bool { calibration.neighbours > 1 }

    public func decide(_ found: Neighbourhood) -> HitDecision {
        guard let match = CalibratedMatch(found, neighbours: calibration.neighbours) else { return .ask() }
        guard let stage = calibration.stage(for: found.count) else { return .ask(match.neighbour, threshold: 1) }
        let score = stage.score(match.features)
        guard score >= stage.threshold, !match.isBarred else {
            // A barred match is none, however good it looks.
            return .ask(match.neighbour, score: match.isBarred ? 0 : score, threshold: stage.threshold)
        }
        return .serve(match.neighbour, score: score, threshold: stage.threshold)
    }

    public func validate() throws(LLMError) { try calibration.validate() }
}

extension HitPolicy where Self == CalibratedPolicy {
    /// Serves what the calibration proves to be good enough.
    public static func calibrated(_ calibration: Calibration) -> CalibratedPolicy { CalibratedPolicy(calibration) }
}
