/// How sure a signal is of an answer, and by which parts.
///
/// ```swift
/// return 0.8                      // as sure as that
/// return Confidence(nil)          // no opinion: the pipeline asks the next tier
/// ```
public struct Confidence: Hashable, Sendable, ExpressibleByFloatLiteral, ExpressibleByNilLiteral {
    /// 0 (none) to 1 (certain); `nil` for no opinion.
    public var value: Double?
    /// What each part of a combined signal said, by its name.
    public var parts: [String: Double]
    /// The parts that failed: seen in ledger and trace, and told to ``Pipeline/onProblem``, never taken for an opinion.
    public var failures: [String: LLMError]

    public init(_ value: Double?, parts: [String: Double] = [:], failures: [String: LLMError] = [:]) {
        self.value = value
        self.parts = parts
        self.failures = failures
    }

    public init(floatLiteral value: Double) { self.init(value) }
    public init(nilLiteral: ()) { self.init(nil) }

    /// Within 0...1: rounding may leave a value a hair outside. What is not a number is no opinion.
    var bounded: Confidence {
        var bounded = self
        bounded.value = boundedConfidence(value)
        return bounded
    }

    public static func == (a: Confidence, b: Confidence) -> Bool {
        a.value == b.value && a.parts == b.parts && a.failures.mapValues(\.code) == b.failures.mapValues(\.code)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
        hasher.combine(parts)
    }
}

/// Rounding may leave a value a hair outside 0...1; what is not a number is no opinion.
func boundedConfidence(_ value: Double?) -> Double? {
    guard let value, !value.isNaN else { return nil }
    return min(1, max(0, value))
}
