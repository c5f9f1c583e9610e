extension CalibrationSample {
    /// Samples of what a cache has found out on the app's own traffic, as a ledger keeps it.
    ///
    /// A policy that learns checks some matches oftener than others, and hardly ever those that it does not believe in: of
    /// what it has checked, more is right than of its traffic. So as many are left out of those that were checked often as
    /// make all equally likely to be in; what is left may be too little for a proof. In
    /// ``SemanticCacheOptions/Mode/shadow`` everything is compared, and nothing is left out. What apps have reported
    /// (``SemanticCache/report(_:wasRight:)``) is not taken: whoever complains chooses what to complain of.
    /// - Parameters:
    ///   - trials: what ``Ledger/trials(since:until:tenant:limit:)`` gives, all of one policy and embedder.
    ///   - neighbours: how many neighbours the policy asked for (``HitPolicy/neighbours``).
    ///   - seed: chooses what is left out.
    /// - Returns: the samples, in the order of the trials.
    public static func samples(of trials: [CacheTrial], neighbours: Int, seed: UInt64 = 0) -> [CalibrationSample] {
        var generator = SeededGenerator(seed: seed)
        let drawn = trials.filter { $0.source == .recheck && $0.trial.decision.checkRate > 0 }
        let least = drawn.map(\.trial.decision.checkRate).min() ?? 1
        return trials.compactMap { trial in
            switch trial.source {
            case .feedback: return nil
            case .recheck where !isKept(trial.trial.decision.checkRate, least, generator.unit()): return nil
            case .recheck, .shadow:
                var sample = CalibrationSample(trial.trial, neighbours: neighbours)
                (sample.vectors, sample.unit) = (trial.vectors, .check)
                return sample
            }
        }
    }

    /// Whether one that was checked with some probability stays, where the others were with no less than `least`.
    /// - Parameter lot: 0 up to 1.
    static func isKept(_ rate: Double, _ least: Double, _ lot: Double) -> Bool { rate > 0 && lot * rate < least }
}
