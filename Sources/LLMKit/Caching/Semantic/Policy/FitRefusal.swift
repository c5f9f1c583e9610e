/// Says why a calibration cannot be fitted, and what to aim at.
struct FitRefusal {
    let goal: Calibration.Goal
    let origin: CalibrationSample.Origin

    private var aim: String { "a wrong share of \(goal.wrongShare) with a confidence of \(goal.confidence)" }

    /// There are fewer samples than prove the bound if all are right.
    /// - Parameters:
    ///   - groups: all samples, each group of caches of about the same size.
    ///   - needed: how many of one group it takes at least.
    func tooFew(_ groups: [[CalibrationSample]], needed: Int) -> LLMError {
        let most = groups.max { $0.count < $1.count } ?? []
        var message = "Calibration: \(origin.count(most.count)) "
        // Those of labelled questions are the same questions in thinned caches.
        if groups.count > 1, origin.unit != CalibrationSample.Unit.question.rawValue {
            message += "from caches of about one size (\(groups.reduce(0) { $0 + $1.count }) in all) "
        }
        message += "cannot prove \(aim): that takes at least \(needed), all of them hits, and right"
        let good = most.count { $0.wasRight && !$0.wasBarred }
        let share = Double(good) / Double(max(1, most.count))
        if let count = ProofForecast(bound: goal.wrongShare, confidence: goal.confidence).samples(hitShare: share) {
            message +=
                "; as \(good) of these \(most.count) found a right answer, aim at about \(ProofForecast.words(count))"
        }
        return LLMError(.invalidConfiguration, message + ", or allow a larger share")
    }

    /// No threshold keeps the goal.
    /// - Parameters:
    ///   - fit: the stage that came nearest.
    ///   - count: how many samples it had.
    func unproven(_ fit: StageFit, of count: Int) -> LLMError {
        if fit.proof.boundBy == .strangerShare, let share = goal.strangerShare {
            return LLMError(
                .invalidConfiguration,
                "Calibration: no threshold keeps within \(share) how many of the questions that the cache holds no right answer to "
                    + "are served one: allow a larger strangerShare, nil for any, or give it more such questions"
            )
        }
        let forecast = ProofForecast(bound: goal.wrongShare, confidence: fit.proof.confidence)
        let advice =
            forecast.samples(fit.proof.curve, total: count).map {
                "If more are like these, about \(ProofForecast.words(max($0, 1.1 * Double(count)))) \(origin.unit)s would prove it; else allow a larger share"
            }
            ?? "More of the like do not help, for too many are wrong at every threshold: allow a larger share, look through the wrong ones, or try another embedder"
        // Of many limits each is wrong with its own five in a hundred.
        let chosen = fit.nearest.limit <= goal.wrongShare ? " (chosen of many, it proves nothing)" : ""
        return LLMError(
            .invalidConfiguration,
            "Calibration: with \(origin.count(count)) no threshold proves \(aim): the best limit was \(fit.nearest.limit.formatted)\(chosen), "
                + "with \(fit.nearest.hitShare.asPercent) of them hits. \(advice)"
        )
    }
}

extension Double {
    /// As `0.0123`, for messages.
    fileprivate var formatted: String { "\((self * 10_000).rounded() / 10_000)" }
}
