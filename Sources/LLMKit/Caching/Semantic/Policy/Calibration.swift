import CPlatform

/// How far a match may be trusted, learned from matches whose outcome is known, and from which trust on it may be served.
///
/// A logistic regression over `MatchFeature` and a threshold: the lowest at which the upper confidence limit of the wrong
/// share, on matches that the regression has not seen, stays within the owner's bound. So the bound is kept by proof, not by
/// hope: a thousand hits of which ten were wrong do not prove 1 %.
///
/// A cache that holds little answers otherwise than one that holds much, so there may be several `Stage`s. What was learned
/// on other traffic, or with another embedder, proves nothing: calibrate on your own. It knows whose vectors it was fitted
/// with, and a ``SemanticCache`` with another embedder refuses it when its pipeline is assembled; one that does not know, as
/// those of older versions, is taken, and told once to the pipeline's ``Diagnostics``.
///
/// It is plain data: encode it, keep it beside the app, decode it at start.
public struct Calibration: Hashable, Sendable, Codable {
    /// More neighbours than this are not looked at.
    package static let mostNeighbours = 48

    /// What was to be proven.
    public struct Goal: Hashable, Sendable, Codable {
        /// The largest share of hits that may be wrong, above 0 and below 1.
        package var wrongShare: Double
        /// How sure the limit of the wrong share must be, above 0 and below 1.
        package var confidence: Double
        /// The largest share of questions that the cache holds no right answer to, of which any may be served one; `nil`
        /// for no such limit.
        ///
        /// It is heeded if the samples hold enough such questions to prove it, and reported in ``Stage/strangers``.
        package var strangerShare: Double?
        /// How sure the limit of that share must be.
        package var strangerConfidence: Double

        public init(
            wrongShare: Double,
            confidence: Double = 0.95,
            strangerShare: Double? = 0.03,
            strangerConfidence: Double = 0.9
        ) {
            self.wrongShare = wrongShare
            self.confidence = confidence
            self.strangerShare = strangerShare
            self.strangerConfidence = strangerConfidence
        }
    }

    /// What a feature adds to the log-odds.
    package struct Term: Hashable, Sendable, Codable {
        package var feature: MatchFeature
        package var weight: Double
        /// The range that was seen; beyond it the nearest end counts, for nothing is known there.
        package var low: Double
        package var high: Double
    }

    /// What was learned for caches of one size.
    package struct Stage: Hashable, Sendable, Codable {
        /// How many questions a partition must hold at least for the stage to apply.
        package var count: Int
        package var intercept: Double
        package var terms: [Term]
        /// The trust, 0 to 1, from which on a match is served.
        package var threshold: Double
        /// How many samples it was fitted from.
        package var samples: Int
        /// How many of them would have been hits, and how many of those wrong.
        package var hits: Int
        package var wrong: Int
        /// The upper confidence limit of the wrong share.
        package var limit: Double
        /// How many samples were questions that the cache held no right answer to, and how many of them would have been hits.
        package var strangers: Int
        package var strangerHits: Int
        /// What kept the threshold from being lower.
        package var boundBy: Limit
        /// What other thresholds would have given, the strictest first.
        package var curve: [ThresholdPoint]

        /// How far the match may be trusted, 0 to 1; 0 if it lacks numbers that the fit counts on.
        func score(_ features: [Double]) -> Double {
            guard features.count >= terms.count else { return 0 }
            var sum = intercept
            for (term, feature) in zip(terms, features) {
                sum += term.weight * min(max(feature, term.low), term.high)
            }
            return 1 / (1 + exp(-sum))
        }
    }

    /// What may keep a threshold from being lower.
    package enum Limit: String, Hashable, Sendable, Codable {
        /// The wrong share of the next one is not proven: ``Goal/wrongShare``.
        case wrongShare
        /// The next one would answer too many questions that have no answer: ``Goal/strangerShare``.
        case strangerShare
        /// There was no next one.
        case samples
    }

    package var goal: Goal
    /// How many neighbours it looks at.
    package var neighbours: Int
    /// The fullest caches first.
    package var stages: [Stage]
    /// Whose vectors it was fitted with; `nil` where that is not known, as of older versions.
    package var vectors: VectorOrigin?

    /// The stage for a partition that remembers so many questions; `nil` if it holds too few for any proof.
    /// - Parameter features: how many are known of the match. A partition that has no ``AnswerMetric`` yet is judged as a
    ///   smaller one, for which none is needed.
    func stage(for count: Int, features: Int) -> Stage? {
        stages.first { $0.count <= count && $0.terms.count <= features }
    }

    /// Finds damage, such as of a file edited by hand.
    func validate() throws(LLMError) {
        try goal.validate()
        guard (1...Self.mostNeighbours).contains(neighbours), !stages.isEmpty else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: it has \(neighbours) neighbours and \(stages.count) stages, not 1 to \(Self.mostNeighbours) and at least one: fit it anew"
            )
        }
        for stage in stages {
            let isSound =
                stage.terms.count >= MatchFeature.basicCount
                && MatchFeature.allCases.starts(with: stage.terms.map(\.feature)) && stage.intercept.isFinite
                && (0...1).contains(stage.threshold)
                && stage.terms.allSatisfy { $0.weight.isFinite && $0.low <= $0.high }
            guard isSound else {
                throw LLMError(
                    .invalidConfiguration,
                    "Calibration: the stage for \(stage.count) entries is damaged, or of another version of LLMKit: fit it anew"
                )
            }
        }
    }
}

extension Calibration.Goal {
    func validate() throws(LLMError) {
        let shares =
            [("wrongShare", wrongShare), ("confidence", confidence)]
            + (strangerShare.map { [("strangerShare", $0), ("strangerConfidence", strangerConfidence)] } ?? [])
        for (name, share) in shares where !(share > 0 && share < 1) {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: \(name) is \(share); it must be above 0 and below 1, such as 0.02 for 2 %"
            )
        }
    }
}

/// What a threshold would give.
public struct ThresholdPoint: Hashable, Sendable, Codable {
    public var threshold: Double
    /// The share of questions that would be hits.
    public var hitShare: Double
    /// The share of those that would be wrong.
    public var wrongShare: Double
    /// The upper confidence limit of that share.
    public var limit: Double

    package init(threshold: Double, hitShare: Double, wrongShare: Double, limit: Double) {
        self.threshold = threshold
        self.hitShare = hitShare
        self.wrongShare = wrongShare
        self.limit = limit
    }
}
