extension JSONSchemaValidator {
    /// Whether an answer, or what is inside of its Markdown fence, follows the schema; a long check is kept off the
    /// cooperative pool.
    /// - Throws: ``LLMError`` with code `responseTooLarge` if that takes more than ``stepLimit`` steps.
    func accepts(_ answer: String) async throws(LLMError) -> Bool {
        do throws(StepBudget.Exceeded) {
            return try await StepBudget.run(bytes: answer.utf8.count, limit: stepLimit) {
                budget throws(StepBudget.Exceeded) in
                if try violation(in: answer, within: &budget) == nil { return true }
                guard let inner = answer.insideFence else { return false }
                return try violation(in: inner, within: &budget) == nil
            }
        } catch {
            let reason = "checking the answer against its JSON schema \(error.reason)"
            throw LLMError(.responseTooLarge, "\(reason); use a simpler schema, or ask for shorter answers")
        }
    }
}
