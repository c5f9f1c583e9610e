import LLMKit

/// What a simulated model says: an answer from its instructions, a tool call or a document of the wanted shape.
struct Answer: Sendable {
    /// The text, token by token.
    var tokens: [String] = []
    var calls: [ToolCall] = []
    /// What it thought before, token by token; empty where it was not to think.
    var thinkingTokens: [String] = []
    var finish = FinishReason.stop
    /// The text that ended the answer, where it was one of ``Conversation/stop``.
    var stoppedBy: String?
    /// How likely the model finds what it says, 0 to 1.
    var certainty = 1.0

    var text: String { tokens.joined() }
    /// The thought, with the signature by which its vendor knows it again.
    var thinking: Thinking? {
        guard !thinkingTokens.isEmpty else { return nil }
        let text = thinkingTokens.joined()
        return Thinking(text, signature: ThoughtSignature.of(text))
    }
    /// Output tokens, by the four-byte rule.
    var count: Int {
        tokens.count + thinkingTokens.count
            + calls.reduce(0) { $0 + Tokens.count(bytes: $1.name.utf8.count + $1.arguments.utf8.count) }
    }
}

extension SimulatedModel {
    /// Answers by ``Librarian``; the hash supplies what would be chance in a real model.
    func answer(_ conversation: Conversation, librarian: Librarian, hash: StableHash) -> Answer {
        var answer = Answer()
        if conversation.thinks { answer.thinkingTokens = Tokens.split(thought(on: conversation)) }
        if let tool = toolToCall(in: conversation) {
            let arguments = SchemaFiller(question: conversation.question).fill(tool.parameters.json)
            answer.calls = [ToolCall(id: hash.combined(with: "call").hex, name: tool.name, arguments: arguments)]
            answer.finish = .toolCalls
            return answer
        }
        let text: String
        if conversation.asksForRating {
            let finding = librarian.find(conversation.earlierQuestion, in: conversation.system)
            text = String(Int(certainty(of: finding, question: conversation.earlierQuestion, hash: hash) * 100))
        } else if let result = conversation.toolResult {
            text = "The tool answered: \(result)"
            answer.certainty = hash.value(in: 0.9...0.99)
        } else if let schema = conversation.schema {
            text = SchemaFiller(question: conversation.question).fill(schema)
            answer.certainty = hash.value(in: 0.8...0.99)
        } else {
            let finding = librarian.find(conversation.question, in: conversation.system)
            answer.certainty = certainty(of: finding, question: conversation.question, hash: hash)
            text = self.text(of: finding, conversation: conversation)
        }
        answer.tokens = Tokens.split(text)
        answer.shorten(for: conversation)
        return answer
    }

    private func thought(on conversation: Conversation) -> String {
        if let result = conversation.toolResult { return "The tool has answered: \(result)" }
        return "The question is: \(conversation.question) I look for what my instructions say about it."
    }

    private func toolToCall(in conversation: Conversation) -> Tool? {
        guard conversation.toolResult == nil else { return nil }
        switch conversation.toolChoice ?? .automatic {
        case .none: return nil
        case .required: return conversation.tools.first
        case .tool(let name): return conversation.tools.first { $0.name == name }
        case .automatic:
            let asked = Set(Words.stems(of: conversation.question))
            return conversation.tools.first { tool in
                !asked.isDisjoint(with: Words.stems(of: tool.name + " " + tool.description))
            }
        }
    }

    private func text(of finding: Librarian.Finding, conversation: Conversation) -> String {
        guard let best = finding.sentences.first else {
            if conversation.system.utf8.count >= 400 { return "I do not know; my instructions do not say." }
            let topic = Words.stems(of: conversation.question).max { ($0.count, $1) < ($1.count, $0) } ?? "nothing"
            return "This is a simulated answer about \(topic), written by no language model."
        }
        let isClose = finding.margin < 0.2 && finding.sentences.count > 1
        return skill > 0.8 && isClose ? finding.sentences.joined(separator: " ") : best
    }

    /// Sure where one sentence covers the question and stands out; the weaker the model, the more it minds the rest.
    private func certainty(of finding: Librarian.Finding, question: String, hash: StableHash) -> Double {
        let words = question.lowercased().split { !($0.isLetter || $0.isNumber) }
        let traps = words.filter { ["not", "no", "without", "if", "and", "or", "only"].contains($0) }.count
        let numbers = words.filter { $0.contains(where: \.isNumber) }.count
        var doubt = 0.3 * (1 - finding.coverage) + 0.35 * max(0, 0.25 - finding.margin)
        doubt += 0.06 * Double(traps) + 0.05 * Double(numbers) + 0.008 * Double(max(0, words.count - 8))
        doubt += hash.combined(with: "doubt").value(in: -0.04...0.06)
        return min(0.995, max(0.2, 1 - doubt * (1.5 - skill)))
    }
}

extension Conversation {
    /// Whether the model is asked how sure it is of its last answer, on a scale to one hundred.
    fileprivate var asksForRating: Bool {
        !earlierQuestion.isEmpty && question.contains("your last answer") && question.contains("100")
    }
}

extension Answer {
    /// Keeps to the sender's limits on length and its stop texts.
    fileprivate mutating func shorten(for conversation: Conversation) {
        let whole = text
        var end = whole.endIndex
        for stop in conversation.stop where !stop.isEmpty {
            var index = whole.startIndex
            while index < end {
                if whole[index...].hasPrefix(stop) {
                    end = index
                    stoppedBy = stop
                }
                if index < end { index = whole.index(after: index) }
            }
        }
        if stoppedBy != nil { tokens = Tokens.split(String(whole[..<end])) }
        // Thoughts count as output.
        if let limit = conversation.maxTokens.map({ $0 - thinkingTokens.count }), tokens.count > limit {
            tokens.removeLast(tokens.count - max(0, limit))
            stoppedBy = nil
            finish = .length
        }
    }
}
