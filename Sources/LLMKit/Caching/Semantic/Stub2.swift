struct AnswerNumbers: Sendable {
    func number(of response: ChatResponse, in partition: Fingerprint) async throws -> UInt64 {
        var hash = SHA256()
        hash.update(Array(response.text.utf8))
        return hash.finalizeWords().0
    }
}
extension SemanticCache { var answers: AnswerNumbers { AnswerNumbers() } }
