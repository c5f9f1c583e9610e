/// A regular expression in the dialect of JSON Schema (ECMA-262, without flags but `u`), searched in linear time.
///
/// All ways through the expression are followed at once (Thompson, "Regular Expression Search Algorithm", CACM 1968), and
/// look-aheads with them: see ``RegularExpressionSearch``. A text of `n` characters and an expression of `m` instructions
/// take at most `3·m·(n + 1)` steps, whatever they are. The price: no backreferences and no look-behind.
struct RegularExpression: Sendable {
    let pattern: String
    let program: RegularExpressionProgram

    /// What one search may take unless the caller says otherwise: about a second.
    static let stepLimit = 100_000_000

    /// - Throws: ``LLMError`` with code `invalidConfiguration` that says what is wrong with the pattern, and where.
    init(_ pattern: String) throws(LLMError) {
        self.pattern = pattern
        do throws(RegularExpressionParser.Failure) {
            var parser = RegularExpressionParser(pattern)
            program = try RegularExpressionProgram(try parser.parse())
        } catch {
            throw LLMError(.invalidConfiguration, "the pattern \(Self.shown(pattern)) is invalid: \(error.message)")
        }
    }

    /// Whether the expression matches anywhere in `text`.
    func matches(_ text: String, within budget: inout StepBudget) throws(StepBudget.Exceeded) -> Bool {
        var search = RegularExpressionSearch(program)
        return try search.matches(text, within: &budget)
    }

    /// Whether the expression matches anywhere in `text`; a long search is kept off the cooperative pool.
    /// - Throws: ``LLMError`` with code `responseTooLarge` if that takes more than `limit` steps.
    func matches(_ text: String, limit: Int = RegularExpression.stepLimit) async throws(LLMError) -> Bool {
        do throws(StepBudget.Exceeded) {
            return try await StepBudget.run(bytes: text.utf8.count, limit: limit) {
                budget throws(StepBudget.Exceeded) in
                try matches(text, within: &budget)
            }
        } catch {
            let reason = "searching the answer for the pattern \(shown) \(error.reason)"
            throw LLMError(.responseTooLarge, "\(reason); use a smaller pattern, or ask for shorter answers")
        }
    }

    /// The pattern for error messages.
    private var shown: String { Self.shown(pattern) }
    private static func shown(_ pattern: String) -> String { String(pattern.prefix(200)).debugDescription }
}
