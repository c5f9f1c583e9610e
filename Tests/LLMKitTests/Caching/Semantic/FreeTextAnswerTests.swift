import Foundation
import Testing

@testable import LLMKit

/// Four wordings each of two dozen answers: whether vectors tell which say the same.
@Suite(.enabled(if: Weights.areThere && Soak.isOn, "\(Weights.hint), and LLMKIT_SOAK=1"))
struct FreeTextAnswerTests {
    private struct Answer: Decodable {
        var q: String
        var intent: String
    }

    @Test func `answers that are worded anew share a number if they say the same (soak)`() async throws {
        let file = Weights.packageRoot + "/Tests/LLMKitTests/Fixtures/semantic-cache/answers.jsonl"
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let answers = try lines.map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
        let embedder: any Embedder = try MiniLMEmbedder(folder: Weights.folder)
        let vectors = try await embedder.embed(answers.map(\.q)).vectors
        let identity = AnswerIdentity.alike(0.75) { fresh, known in
            !QuestionTraits(fresh).conflicts(with: QuestionTraits(known)).isDisjoint(with: [.numbers, .negation])
        }
        // As they come: each takes the number of the nearest before it that says the same.
        var numbers: [UInt64] = []
        for (row, answer) in answers.enumerated() {
            let number = identity.number(for: answer.q) { least in
                (0..<row).map { ($0, zip(vectors[row], vectors[$0]).reduce(0) { $0 + Double($1.0) * Double($1.1) }) }
                    .filter { $0.1 >= least }
                    .sorted { $0.1 > $1.1 }
                    .map { AnswerIdentity.Known(number: numbers[$0.0], text: answers[$0.0].q) }
            }
            numbers.append(number)
        }
        var (same, right, wrong) = (0, 0, 0)
        for a in answers.indices {
            for b in 0..<a {
                let isSame = answers[a].intent == answers[b].intent
                if isSame { same += 1 }
                guard numbers[a] == numbers[b] else { continue }
                if isSame { right += 1 } else { wrong += 1 }
            }
        }
        #expect(Double(wrong) <= 0.1 * Double(right + wrong), "\(wrong) wrong of \(right + wrong)")
        #expect(Double(right) >= 0.4 * Double(same), "\(right) of \(same)")
        print("free text: \(right) of \(same) pairs found, \(wrong) wrong")
    }
}
