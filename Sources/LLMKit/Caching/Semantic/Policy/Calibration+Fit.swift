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
    ///   - embedder: whose vectors the samples were made of, where they do not say: those of files, of a ledger and of reviews
    ///     do. A calibration that knows is refused by caches with another embedder.
    ///   - seed: deals the samples into folds. The same samples and seed give the same calibration.
    /// - Throws: ``LLMError/Code/invalidConfiguration`` if the samples are too few, or too bad, to prove the bound: the error
    ///   says about how many it would take; also if they are of several embedders.
    public static func fit(
        _ samples: [CalibrationSample],
        goal: Goal,
        embedder: EmbedderInfo? = nil,
        seed: UInt64 = 0
    ) throws(LLMError) -> Calibration {
        try goal.validate()
        let origin = try CalibrationSample.Origin(samples, claimed: embedder?.origin)
        let widths = MatchFeature.basicCount...MatchFeature.allCases.count
        let usable = samples.filter { $0.features.isEmpty || widths.contains($0.features.count) }
        guard usable.count == samples.count, usable.allSatisfy({ $0.features.allSatisfy(\.isFinite) }) else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: some \(origin.unit)s are not of \(widths.lowerBound) to \(widths.upperBound) finite numbers; they are damaged, or of another version of LLMKit"
            )
        }
        let neighbours = samples.first?.neighbours ?? 1
        guard samples.allSatisfy({ $0.neighbours == neighbours }), (1...mostNeighbours).contains(neighbours) else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: the \(origin.unit)s looked at different numbers of neighbours; those of pairs and of policies that ask for other numbers do not mix"
            )
        }
        let needed = BinomialLimit.trialsToProve(goal.wrongShare, confidence: goal.confidence)
        let all = groups(of: samples)
        let groups = all.filter { $0.count >= needed }
        guard !groups.isEmpty else {
            throw FitRefusal(goal: goal, origin: origin).tooFew(all, needed: needed)
        }
        var stages: [Stage] = []
        var best: (fit: StageFit, count: Int)?
        for (place, group) in groups.enumerated() {
            // The fullest cache, which is the one that works for long, gets most of what may fail.
            let share = groups.count == 1 ? 1 : place == 0 ? 0.9 : 0.1 / Double(groups.count - 1)
            let fit = StageFit(group, goal: goal, share: share, seed: seed)
            if let stage = fit.stage {
                stages.append(stage)
            } else if best.map({ fit.nearest.limit < $0.fit.nearest.limit }) ?? true {
                best = (fit, group.count)
            }
        }
        if stages.isEmpty, let best {
            throw FitRefusal(goal: goal, origin: origin).unproven(best.fit, of: best.count)
        }
        return Calibration(goal: goal, neighbours: neighbours, stages: stages, vectors: origin.vectors)
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
