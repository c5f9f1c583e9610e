import PortableFoundation

/// A file of questions of which is known which may share an answer.
///
/// Either JSON lines or, if its name ends in `.csv` or `.tsv`, a table (RFC 4180) with a line of names at the top, whose
/// fields are separated by commas, semicolons or tabs. Each row is a question with the name of its answer, or a pair of questions with whether one answer does for both:
///
/// | row | names | values |
/// |---|---|---|
/// | question | `question` (or `q`, `text`) | the words |
/// | | `answer` (or `intent`, `label`) | any text or number; empty or `null` where no other's answer will ever do |
/// | pair | `a`, `b` | the words |
/// | | `same` (or `label`) | `true`, `false`, `1`, `0`, `yes`, `no` |
package enum LabelledFile {
    /// Questions with the name of their answer; `nil` where no remembered answer is ever right.
    case questions([(text: String, answer: String?)])
    /// Pairs of questions, and whether one answer does for both.
    case pairs([(a: String, b: String, isSame: Bool)])

    /// Reads a file. Blocks.
    /// - Throws: ``LLMError`` with code `invalid_request` that names the line and what was expected.
    package init(_ path: String) throws(LLMError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LLMError(.invalidRequest, "\(path): there is no such file, or it cannot be read")
        }
        // Programs of one vendor put a mark before their UTF-8 that is none of the text.
        let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LLMError(
                .invalidRequest,
                "\(path): is not UTF-8 text; spreadsheets are to be saved as CSV in UTF-8"
            )
        }
        let rows =
            try LabelledFormat(path, text) == .table ? LabelledTable.rows(of: text, path) : Self.lines(text, path)
        var questions: [(text: String, answer: String?)] = []
        var pairs: [(a: String, b: String, isSame: Bool)] = []
        for (line, row) in rows {
            if let a = row["a"] ?? nil, let b = row["b"] ?? nil {
                guard let same = (row["same"] ?? row["label"] ?? nil).flatMap(Self.truth) else {
                    throw Self.mistake(path, line, "a pair needs 'same': true or false")
                }
                pairs.append((a, b, same))
            } else if let text = row["question"] ?? row["q"] ?? row["text"] ?? nil {
                guard let answer = ["answer", "intent", "label"].lazy.compactMap({ row[$0] }).first else {
                    throw Self.mistake(path, line, "a question needs 'answer': the name of its answer, or null")
                }
                questions.append((text, answer.flatMap { $0.isEmpty ? nil : $0 }))
            } else {
                throw Self.mistake(
                    path,
                    line,
                    "has \(LabelledTable.list(row.keys.sorted())), but neither 'question' and 'answer', nor 'a', 'b' and 'same'"
                )
            }
        }
        guard questions.isEmpty != pairs.isEmpty else {
            throw LLMError(.invalidRequest, "\(path): must hold either questions or pairs, and at least one")
        }
        self = pairs.isEmpty ? .questions(questions) : .pairs(pairs)
    }

    static func mistake(_ path: String, _ line: Int, _ what: String) -> LLMError {
        LLMError(.invalidRequest, "\(path):\(line): \(what)")
    }

    private static func truth(_ word: String) -> Bool? {
        switch word.lowercased() {
        case "true", "1", "yes", "y", "same": true
        case "false", "0", "no", "n", "different": false
        default: nil
        }
    }

    typealias Row = [String: String?]

    /// A value as text: numbers are names as well as words are.
    private struct Scalar: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                text = nil
            } else if let string = try? value.decode(String.self) {
                text = string
            } else if let bool = try? value.decode(Bool.self) {
                text = "\(bool)"
            } else if let whole = try? value.decode(Int64.self) {
                text = "\(whole)"
            } else {
                text = "\((try? value.decode(Double.self)).map { "\($0)" } ?? "")"
            }
        }
    }

    private static func lines(_ text: String, _ path: String) throws(LLMError) -> [(Int, Row)] {
        var rows: [(Int, Row)] = []
        // By bytes: to Swift, a carriage return and the line feed behind it are one character, and no line feed.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            guard let members = try? JSONDecoder().decode([String: Scalar].self, from: Data(line)) else {
                throw mistake(path, number + 1, "is no JSON object of texts, numbers and the like")
            }
            rows.append((number + 1, members.mapValues(\.text)))
        }
        return rows
    }
}
