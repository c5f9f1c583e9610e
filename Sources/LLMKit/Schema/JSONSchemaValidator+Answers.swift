extension JSONSchemaValidator {
    /// Whether an answer, or what is inside of its Markdown fence, follows the schema; a long check is kept off the
    /// cooperative pool.
    /// - Throws: ``LLMError`` with code `responseTooLarge` if that takes more than ``stepLimit`` steps.
    func accepts(_ answer: String) async throws(LLMError) -> Bool {
        try await run(bytes: answer.utf8.count) { budget throws(StepBudget.Exceeded) in
            if try violation(in: answer, within: &budget) == nil { return true }
            guard let inner = answer.insideFence else { return false }
            return try violation(in: inner, within: &budget) == nil
        }
    }

    /// The first violation in a document; a long check is kept off the cooperative pool.
    /// - Throws: ``LLMError`` with code `responseTooLarge` if that takes more than ``stepLimit`` steps.
    func violation(in document: JSONText) async throws(LLMError) -> Violation? {
        let text = document.description
        return try await run(bytes: text.utf8.count) { budget throws(StepBudget.Exceeded) in
            try violation(in: text, within: &budget)
        }
    }

    private func run<Value: Sendable>(
        bytes: Int,
        _ check: @escaping @Sendable (inout StepBudget) throws(StepBudget.Exceeded) -> Value
    ) async throws(LLMError) -> Value {
        do throws(StepBudget.Exceeded) {
            return try await StepBudget.run(bytes: bytes, limit: stepLimit, check)
        } catch {
            let reason = "checking the answer against its JSON schema \(error.reason)"
            throw LLMError(.responseTooLarge, "\(reason); use a simpler schema, or ask for shorter answers")
        }
    }
}
