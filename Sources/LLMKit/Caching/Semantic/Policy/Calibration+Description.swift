extension Calibration: CustomStringConvertible {
    /// What it was fitted for, and a line for each size of cache.
    public var description: String {
        let whose = vectors.map { "the embedder \($0)" } ?? "an unknown embedder"
        let lines = stages.map { "\n  \($0)" }.joined()
        return
            "calibration for \(whose): at most \(goal.wrongShare.asPercent) of hits wrong, with \(goal.confidence.asPercent) confidence"
            + lines
    }
}

extension Calibration.Stage: CustomStringConvertible {
    package var description: String {
        let size = count > 0 ? "from \(count) questions on" : "of any size"
        guard hits > 0 else { return "caches \(size): nothing proven, from \(samples) samples" }
        return "caches \(size): from a trust of \(threshold.inThreePlaces) on; \(hits) of \(samples) samples hits, "
            + "\(wrong) of them wrong, \(limit.asPercent) at most"
    }
}

extension ThresholdPoint: CustomStringConvertible {
    /// Such as `from 0.93 on 41.2 % hits, 1.1 % of them wrong, 1.9 % at most`.
    public var description: String {
        "from \(threshold.inThreePlaces) on \(hitShare.asPercent) hits, \(wrongShare.asPercent) of them wrong, \(limit.asPercent) at most"
    }
}
