import ExampleSupport
import PortableFoundation

/// One line of the question file.
struct Question: Sendable, Decodable {
    var id: String
    var text: String
    /// What the question is about: two questions with the same intent may share an answer.
    var intent: String?
    /// The intent that this one resembles without being it: the same answer would be wrong.
    var near: String?

    /// Reads lines of JSON with an `id` and a `text`, or lines of plain text.
    static func read(_ text: String, from name: String) throws(Files.Failure) -> [Question] {
        var questions: [Question] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            guard line.first == "{" else {
                questions.append(Question(id: "line-\(index + 1)", text: String(line)))
                continue
            }
            do {
                questions.append(try JSONDecoder().decode(Question.self, from: Data(line.utf8)))
            } catch {
                throw Files.Failure(
                    "\(name), line \(index + 1): expected plain text, or JSON with \"id\" and \"text\""
                )
            }
        }
        guard !questions.isEmpty else { throw Files.Failure("\(name) holds no questions") }
        return questions
    }
}
