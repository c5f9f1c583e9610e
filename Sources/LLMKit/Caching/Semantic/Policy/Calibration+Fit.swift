import CPlatform

extension Calibration {
    /// Fits a calibration.
    ///
    /// Samples are judged by a regression that was fitted without them (five folds), so the proof is not flattered. Of the
    /// confidence, each stage pays its part, so it holds for all of them together.
    /// - Parameters:
    ///   - samples: what is known, a sample per question, in any order; also of questions that found nothing. The more, the
    ///     tighter the proof: 1 % takes about 300 hits none of which was wrong, or 5,000 with 35 wrong.
    ///   - goal: what is to be proven.
    ///   - seed: deals the samples into folds. The same samples and seed give the same calibration.
    /// - Throws: ``LLMError/Code/invalidConfiguration`` if the samples are too few, or too bad, to prove the bound.
    public static func fit(
        _ samples: [CalibrationSample],
        goal: Goal,
        seed: UInt64 = 0
    ) throws(LLMError) -> Calibration {
        try goal.validate()
        let widths = MatchFeature.basicCount...MatchFeature.allCases.count
        let usable = samples.filter { $0.features.isEmpty || widths.contains($0.features.count) }
        guard usable.count == samples.count, usable.allSatisfy({ $0.features.allSatisfy(\.isFinite) }) else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: some samples are not of \(widths.lowerBound) to \(widths.upperBound) finite numbers; they are damaged, or of another version of LLMKit"
            )
        }
        let neighbours = samples.first?.neighbours ?? 1
        guard samples.allSatisfy({ $0.neighbours == neighbours }), (1...mostNeighbours).contains(neighbours) else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: the samples looked at different numbers of neighbours; samples of pairs and of policies that ask for other numbers do not mix"
            )
        }
        let needed = BinomialLimit.trialsToProve(goal.wrongShare, confidence: goal.confidence)
        guard samples.count >= needed else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: \(samples.count) samples cannot prove a wrong share of \(goal.wrongShare): that takes at least \(needed), all right"
            )
        }
        var stages: [Stage] = []
        var best: ThresholdPoint?
        let groups = groups(of: samples).filter { $0.count >= needed }
        for (place, group) in groups.enumerated() {
            // The fullest cache, which is the one that works for long, gets most of what may fail.
            let share = groups.count == 1 ? 1 : place == 0 ? 0.9 : 0.1 / Double(groups.count - 1)
            let fit = StageFit(group, goal: goal, share: share, seed: seed)
            if let stage = fit.stage {
                stages.append(stage)
            } else if fit.nearest.limit < best?.limit ?? .infinity {
                best = fit.nearest
            }
        }
        guard !stages.isEmpty else {
            let reached =
                best.map { ": the best limit was \($0.limit.formatted), at \($0.hitShare.formatted) hits" } ?? ""
            throw LLMError(
                .invalidConfiguration,
                "Calibration: no threshold keeps the wrong share within \(goal.wrongShare) with its confidence limit\(reached). More samples tighten the limit; else allow a larger share"
            )
        }
        return Calibration(goal: goal, neighbours: neighbours, stages: stages)
    }

    /// Samples of caches of about the same size, the fullest first: sizes differ by a factor of four.
    private static func groups(of samples: [CalibrationSample]) -> [[CalibrationSample]] {
        let most = Double(max(1, samples.map(\.count).max() ?? 1))
        var groups: [Int: [CalibrationSample]] = [:]
        for sample in samples {
            let step = log(most / Double(max(1, sample.count))) / log(4)
            groups[Int(step.rounded()), default: []].append(sample)
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Double {
    /// As `0.0123`, for messages.
    fileprivate var formatted: String { "\((self * 10_000).rounded() / 10_000)" }
}
