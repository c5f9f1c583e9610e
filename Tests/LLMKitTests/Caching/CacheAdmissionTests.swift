import Testing

@testable import LLMKit

@Suite struct CacheAdmissionTests {
    private func answer(_ finish: FinishReason, _ text: String = "yes", tools: Bool = false) -> ChatResponse {
        var message = ChatMessage.assistant(text)
        if tools { message.parts.append(.toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))) }
        return ChatResponse(message, finish: finish)
    }

    @Test func `by default, only whole texts are kept`() {
        let rule: CacheAdmission = []
        #expect(rule.admits(answer(.stop)))
        for finish: FinishReason in [.length, .toolCalls, .refusal, .contentFilter, .other("pause_turn")] {
            #expect(!rule.admits(answer(finish)))
        }
        #expect(!rule.admits(answer(.stop, "")))
        #expect(!rule.admits(answer(.stop, tools: true)))
        #expect(!rule.admits(answer(.toolCalls, tools: true)))
    }

    @Test func `each exception lets in its own kind and no other`() {
        #expect(CacheAdmission.toolCalls.admits(answer(.toolCalls, "", tools: true)))
        #expect(CacheAdmission.toolCalls.admits(answer(.stop, tools: true)))
        #expect(!CacheAdmission.toolCalls.admits(answer(.length, tools: true)))
        #expect(!CacheAdmission.toolCalls.admits(answer(.refusal)))
        #expect(CacheAdmission.refusals.admits(answer(.refusal)))
        #expect(!CacheAdmission.refusals.admits(answer(.contentFilter)))
        #expect(CacheAdmission.atLengthLimit.admits(answer(.length)))
        #expect(!CacheAdmission.atLengthLimit.admits(answer(.refusal)))
    }

    @Test func `a truncated answer is never kept`() {
        let all: CacheAdmission = [.toolCalls, .refusals, .atLengthLimit]
        for finish: FinishReason in [.stop, .length, .toolCalls, .refusal] {
            var response = answer(finish, tools: finish == .toolCalls)
            #expect(all.admits(response))
            response.state = .truncated
            #expect(!all.admits(response))
        }
    }
}
