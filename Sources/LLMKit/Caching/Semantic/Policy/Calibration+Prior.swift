import CPlatform

extension Calibration {
    /// Caches that hold so many questions at least are judged by a fit of their own.
    private static let priorSizes = [3000, 1000, 300, 100, 30, 0]

    /// What to believe of caches that fill from nothing, on traffic of which nothing is known yet: for an
    /// ``AdaptivePolicy`` to begin with.
    ///
    /// It proves nothing, so no threshold keeps any goal: its thresholds are 1, and a ``CalibratedPolicy`` serves nothing by it.
    /// - Parameter samples: of caches while they filled, from none on; a few thousand of each of several sets.
    package static func prior(_ samples: [CalibrationSample]) -> Calibration {
        var stages: [Stage] = []
        var end = Int.max
        for size in priorSizes {
            let group = samples.filter { (size..<end).contains($0.count) && !$0.features.isEmpty && !$0.wasBarred }
            guard group.count >= 200, group.contains(where: \.wasRight), group.contains(where: { !$0.wasRight }) else {
                continue
            }
            // What is believed must hold where a cache has just begun, and has no metric of its answers yet.
            let rows = group.map { Array($0.features.prefix(MatchFeature.basicCount)) }
            let fit = LogisticFit(
                rows,
                outcomes: group.map(\.wasRight),
                emphasis: [Double](repeating: 1, count: group.count)
            )
            let terms = MatchFeature.allCases.prefix(MatchFeature.basicCount).enumerated().map { place, feature in
                let column = rows.map { $0[place] }
                return Term(
                    feature: feature,
                    weight: fit.weights[place],
                    low: column.min() ?? 0,
                    high: column.max() ?? 0
                )
            }
            stages.append(
                Stage(
                    count: size,
                    intercept: fit.intercept,
                    terms: terms,
                    threshold: 1,
                    samples: group.count,
                    hits: 0,
                    wrong: 0,
                    limit: 1,
                    strangers: group.count { !$0.wasAnswerable },
                    strangerHits: 0,
                    boundBy: .samples,
                    curve: []
                )
            )
            end = size
        }
        return Calibration(
            goal: Goal(wrongShare: 0.02),
            neighbours: samples.first?.neighbours ?? mostNeighbours,
            stages: stages
        )
    }
}
