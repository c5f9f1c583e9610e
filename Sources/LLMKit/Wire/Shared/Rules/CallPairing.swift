/// Where the results of tool calls must stand.
package enum CallPairing: Hashable, Sendable {
    /// Right behind the message with the calls, one message after the other.
    case messages
    /// In the turn behind the calls': neighbouring messages of one side are one turn, and system messages are none.
    case turns

    /// The first call without its result, or result without its call.
    func problem(in messages: [ChatMessage]) -> RequestProblem? {
        var open: [String] = []
        var isAnswering = false
        for (index, message) in messages.enumerated() {
            if self == .turns, message.role == .system { continue }
            let isAssistant = message.role == .assistant
            if isAssistant, self == .messages || isAnswering, !open.isEmpty {
                return .unansweredCalls(open, before: index)
            }
            isAnswering = !isAssistant
            var hasMore = message.parts.isEmpty
            for part in message.parts {
                switch part {
                case .toolCall(let call): open.append(call.id)
                case .toolResult(let result):
                    guard let place = open.firstIndex(of: result.callID) else {
                        return .unexpectedResult(result.callID, at: index)
                    }
                    open.remove(at: place)
                default: hasMore = true
                }
            }
            // Results go in front of whatever else their message holds.
            if self == .messages, !isAssistant, hasMore, !open.isEmpty { return .unansweredCalls(open, before: index) }
        }
        return open.isEmpty ? nil : .unansweredCalls(open, before: messages.count)
    }
}
