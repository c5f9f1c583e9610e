/// How much of two texts an embedder's vectors tell apart: beyond it a cosine says nothing, and the words must be the same.
package struct EmbedderSight: Hashable, Sendable {
    /// From this cosine on two texts are one and the same to the embedder.
    package var sameness: Double
    /// Longer texts, in UTF-8, may have been cut.
    package var bytes: Int

    /// How alike a vendor's vectors of one text are at least.
    static let vendorSameness = 1 - 5e-4

    /// That of an embedder that sees texts of any length, and gives the same vector for the same text.
    package init(sameness: Double = 1 - 1e-5, bytes: Int = .max) {
        self.sameness = sameness
        self.bytes = bytes
    }

    /// - Parameters:
    ///   - info: whose vectors they are.
    ///   - precision: how they are kept.
    package init(_ info: EmbedderInfo, _ precision: VectorPrecision) {
        self.init()
        // A vendor's vectors of one text differ from call to call by about as much as rounding changes them.
        if precision == .f16 || info.vendor != nil { sameness = Self.vendorSameness }
        // Tokens of local encoders have three bytes or more, as a rule. A vendor's cannot be counted, and may have one.
        let bytesPerToken = info.vendor == nil ? 3 : 1
        let (limit, isHuge) = info.maxTokens.multipliedReportingOverflow(by: bytesPerToken)
        bytes = isHuge ? .max : limit
    }
}
