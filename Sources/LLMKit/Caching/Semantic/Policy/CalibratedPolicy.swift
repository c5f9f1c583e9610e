/// Serves a match if a ``Calibration`` proves that such matches are wrong no more often than its owner allows.
///
/// It looks at the whole neighbourhood: the answer that it serves is the one that the neighbours vote for, which need not be
/// the nearest neighbour's.
package struct CalibratedPolicy: HitPolicy {
    package var calibration: Calibration

    package init(_ calibration: Calibration) { self.calibration = calibration }

    package var neighbours: Int { calibration.neighbours }
    package var floor: Double { 0 }
    package var needsMutual: Bool { calibration.neighbours > 1 }

    package func decide(_ found: Neighbourhood) -> HitDecision {
        guard let match = CalibratedMatch(found, neighbours: calibration.neighbours) else { return .ask() }
        guard let stage = calibration.stage(for: found.count, features: match.features.count) else {
            return .ask(match.neighbour, threshold: 1)
        }
        let score = stage.score(match.features)
        guard score >= stage.threshold, !match.isBarred else {
            // A barred match is none, however good it looks.
            return .ask(match.neighbour, score: match.isBarred ? 0 : score, threshold: stage.threshold)
        }
        return .serve(match.neighbour, score: score, threshold: stage.threshold)
    }

    package func validate() throws(LLMError) { try calibration.validate() }
}

extension HitPolicy where Self == BuiltInPolicy {
    /// Serves what the calibration proves to be wrong no more often than its owner allows.
    ///
    /// It looks at the whole neighbourhood: the answer that it serves is the one that the neighbours vote for, which need
    /// not be the nearest neighbour's.
    public static func calibrated(_ calibration: Calibration) -> BuiltInPolicy {
        BuiltInPolicy(CalibratedPolicy(calibration))
    }
}
