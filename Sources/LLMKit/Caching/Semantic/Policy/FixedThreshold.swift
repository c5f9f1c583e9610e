/// Serves the nearest question's answer if it is near enough and no guard objects.
///
/// The simplest policy, and the fastest to look up; but no cosine separates paraphrases from near misses. On pairs of similar
/// questions, 0.95 is wrong for one hit in eight. Prefer `CalibratedPolicy`, which knows what it risks.
package struct FixedThreshold: HitPolicy {
    /// The least cosine that is served, -1 to 1.
    package var similarity: Double

    package init(_ similarity: Double) { self.similarity = similarity }

    package var neighbours: Int { 1 }
    package var floor: Double { similarity }

    package func decide(_ found: Neighbourhood) -> HitDecision {
        guard let best = found.neighbours.first else { return .ask(threshold: similarity) }
        guard best.similarity >= similarity, best.conflicts.isEmpty else {
            // What a guard objects to is no match, however near it is.
            let score = best.conflicts.isEmpty ? best.similarity : -1
            return .ask(0, score: score, threshold: similarity)
        }
        return .serve(0, score: best.similarity, threshold: similarity)
    }

    package func validate() throws(LLMError) {
        guard similarity > 0, similarity <= 1 else {
            throw LLMError(
                .invalidConfiguration,
                "FixedThreshold: \(similarity) is no threshold; give a cosine above 0, at most 1, such as 0.95"
            )
        }
    }
}

extension HitPolicy where Self == BuiltInPolicy {
    /// Serves the nearest question's answer if its cosine is at least this, and no guard objects.
    ///
    /// The simplest policy, and the fastest to look up; but no cosine separates paraphrases from near misses. On pairs of
    /// similar questions, 0.95 is wrong for one hit in eight. Prefer ``calibrated(_:)``, which knows what it risks.
    public static func fixed(_ similarity: Double) -> BuiltInPolicy { BuiltInPolicy(FixedThreshold(similarity)) }
}
