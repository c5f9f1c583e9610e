/// The tokens of one call, in classes that do not overlap, because vendors price each apart.
///
/// Vendors disagree on whether "input tokens" contains the cached ones; the adapters know, and nobody else needs to.
public struct Usage: Hashable, Sendable, Codable {
    /// Input that no prompt cache served.
    public var input: Int
    /// Input read from the vendor's prompt cache.
    public var cacheRead: Int
    /// Input written to the vendor's short-lived prompt cache (five minutes at Anthropic, thirty at OpenAI).
    public var cacheWrite5m: Int
    /// Input written to the vendor's one-hour prompt cache.
    public var cacheWrite1h: Int
    /// Output, reasoning included.
    public var output: Int
    /// The part of ``output`` that was reasoning. For information: it is not added again.
    public var reasoning: Int
    /// The vendor's own total, where it reports one.
    public var reportedTotal: Int?
    /// Whether the vendor did not report (a cut stream, say) and the counts are ours, from text lengths.
    public var isEstimated: Bool

    public init(
        input: Int = 0,
        cacheRead: Int = 0,
        cacheWrite5m: Int = 0,
        cacheWrite1h: Int = 0,
        output: Int = 0,
        reasoning: Int = 0,
        reportedTotal: Int? = nil,
        isEstimated: Bool = false
    ) {
        self.input = input
        self.cacheRead = cacheRead
        self.cacheWrite5m = cacheWrite5m
        self.cacheWrite1h = cacheWrite1h
        self.output = output
        self.reasoning = reasoning
        self.reportedTotal = reportedTotal
        self.isEstimated = isEstimated
    }

    /// All input: uncached, read from and written to prompt caches. Price tiers go by this number.
    public var totalInput: Int {
        saturatingSum(saturatingSum(input, cacheRead), saturatingSum(cacheWrite5m, cacheWrite1h))
    }

    /// Input and output together.
    public var total: Int { saturatingSum(totalInput, output) }

    /// Whether the classes add up to the vendor's own total. A call where they do not is flagged in the ledger.
    public var addsUp: Bool {
        guard input >= 0, output >= 0, reasoning <= output else { return false }
        return reportedTotal.map { $0 == total } ?? true
    }

    /// The same tokens as if no prompt cache existed: what the *baseline* of a saving is computed from.
    package var withoutPromptCache: Usage {
        Usage(input: totalInput, output: output, reasoning: reasoning, isEstimated: isEstimated)
    }

    /// Adds the classes of two calls.
    public static func + (a: Usage, b: Usage) -> Usage {
        Usage(
            input: saturatingSum(a.input, b.input),
            cacheRead: saturatingSum(a.cacheRead, b.cacheRead),
            cacheWrite5m: saturatingSum(a.cacheWrite5m, b.cacheWrite5m),
            cacheWrite1h: saturatingSum(a.cacheWrite1h, b.cacheWrite1h),
            output: saturatingSum(a.output, b.output),
            reasoning: saturatingSum(a.reasoning, b.reasoning),
            isEstimated: a.isEstimated || b.isEstimated
        )
    }

    /// Roughly how many tokens a text of this many UTF-8 bytes has: four bytes each, at least one for any text.
    ///
    /// About what tokenizers make of English; most other languages have more. For providers whose model does not count:
    /// set ``isEstimated`` with it.
    public static func estimatedTokens(utf8Count: Int) -> Int { (utf8Count + 3) / 4 }
}

/// A hostile upstream may report any 64-bit number: sums stop at the largest instead of trapping.
private func saturatingSum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? (a > 0 ? .max : .min) : sum
}
