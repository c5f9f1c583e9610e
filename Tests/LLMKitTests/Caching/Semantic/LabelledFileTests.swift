import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct LabelledFileTests {
    private let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    private func file(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: scratch.file(name), atomically: true, encoding: .utf8)
        return scratch.file(name)
    }

    private static let embedder = HashedNGramEmbedder()

    @Test(arguments: [
        (
            "a.jsonl",
            "{\"question\": \"When, \\\"today\\\"?\", \"answer\": \"hours\"}\n\n{\"q\": \"b\", \"intent\": 7}\n{\"text\": \"c\", \"label\": null}"
        ),
        ("a.csv", "\u{FEFF}Question,Answer\r\n\"When, \"\"today\"\"?\",hours\r\nb,7\r\nc,\r\n"),
    ])
    func `questions come from JSON lines and from spreadsheets`(name: String, text: String) throws {
        guard case .questions(let rows) = try LabelledFile(file(name, text)) else { throw LLMError(.unknown, "pairs") }
        #expect(rows.map(\.text) == ["When, \"today\"?", "b", "c"])
        #expect(rows.map(\.answer) == ["hours", "7", nil])
    }

    @Test(arguments: [
        ("a.jsonl", "{\"a\": \"x\", \"b\": \"y\", \"same\": true}\n{\"a\": \"x\", \"b\": \"z\", \"label\": 0}"),
        ("a.csv", "a,b,same\n\"x\ny\",y,yes\n\nx,z,no"),
    ])
    func `pairs come from JSON lines and from spreadsheets`(name: String, text: String) throws {
        guard case .pairs(let rows) = try LabelledFile(file(name, text)) else { throw LLMError(.unknown, "questions") }
        #expect(rows.map(\.isSame) == [true, false])
        #expect(rows.map(\.b) == ["y", "z"])
    }

    @Test(arguments: [
        ("a.jsonl", "{\"question\": \"a\", \"answer\": \"b\"}\nno JSON", ":2: is no JSON object"),
        ("b.jsonl", "{\"question\": \"a\"}", ":1: a question needs 'answer'"),
        ("c.jsonl", "{\"a\": \"a\", \"b\": \"b\", \"same\": \"perhaps\"}", ":1: a pair needs 'same'"),
        ("d.jsonl", "{\"other\": 1}", ":1: has 'other', but neither 'question' and 'answer'"),
        ("e.jsonl", "", "at least one"),
        (
            "f.jsonl", "{\"q\": \"a\", \"answer\": 1}\n{\"a\": \"a\", \"b\": \"b\", \"same\": 1}",
            "either questions or pairs"
        ),
        ("g.csv", "question,answer\na\n", ":2: has 1 fields where the first line has 2 names"),
        ("h.csv", "question,answer\na,\"b\n", ":2: a quoted field that begins here never ends"),
        (
            "i.csv", "Frage;Antwort\na;b",
            ":1: names the columns 'Frage' and 'Antwort'; a table needs 'question' and 'answer'"
        ),
        ("j.csv", "question;reply\na;b", "or 'a', 'b' and 'same', separated by commas, semicolons or tabs"),
        ("k.csv", "When does the pool open?,hours\na,b", "names the columns a text of 24 characters and 'hours'"),
        ("l.csv", "\n\n", "at least one"),
        ("m.txt", "question,answer\na,b", "ends in '.txt', and its first line is no JSON object: call a table '.csv'"),
        ("n", "question,answer\na,b", "has no ending"),
        ("o.json", "[{\"question\": \"a\", \"answer\": \"b\"}]", "one JSON object a line"),
    ])
    func `a mistake is told with its line`(name: String, text: String, words: String) throws {
        let path = try file(name, text)
        let error = #expect(throws: LLMError.self) { try LabelledFile(path) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains(words) == true)
        #expect(error?.message.contains(path) == true)
    }

    @Test func `a file calibrates as the same questions in memory do`() async throws {
        let rows = (0..<40).map {
            "{\"question\": \"question \($0) about topic \($0 % 4)\", \"answer\": \"\($0 % 4)\"}"
        }
        let path = try file("a.jsonl", rows.joined(separator: "\n"))
        let read = try await LabelledQuestions(contentsOf: path, embedder: Self.embedder)
        let texts = (0..<40).map { "question \($0) about topic \($0 % 4)" }
        let vectors = try Self.embedder.embed(texts).vectors
        let made = try LabelledQuestions(texts, vectors: vectors, answers: (0..<40).map { UInt64($0 % 4) })
        let samples = read.samples(thinnings: [1]).map { sample in
            var sample = sample
            sample.vectors = nil
            return sample
        }
        #expect(samples == made.samples(thinnings: [1]))
        await #expect(throws: LLMError.self) {
            try await CalibrationSample.samples(ofPairsIn: path, embedder: Self.embedder)
        }
    }

    @Test func `pairs become samples of one neighbour`() async throws {
        let path = try file("a.csv", "a,b,same\nopen on 5 May,open on 6 May,no\nopening hours?,opening hours,yes")
        let samples = try await CalibrationSample.samples(ofPairsIn: path, embedder: Self.embedder)
        #expect(samples.map(\.wasRight) == [false, true])
        #expect(samples.map(\.neighbours) == [1, 1])
        #expect(samples.map(\.wasBarred) == [true, false])
    }

    @Test(arguments: [
        ("a.jsonl", "{\"question\": \"a\", \"answer\": \"x\"}\r\n{\"question\": \"b\", \"answer\": \"x\"}\r\n"),
        ("b.jsonl", "\u{FEFF}{\"question\": \"a\", \"answer\": \"x\"}\n{\"question\": \"b\", \"answer\": \"x\"}\n"),
        ("c.jsonl", "{\"question\": \"a\u{2028}a\", \"answer\": \"x\"}\n{\"question\": \"b\", \"answer\": \"x\"}"),
        ("d.csv", "question,answer\na\u{2028}a\u{85}\u{B}a,x\nb,x\n"),
        ("e.csv", "question,answer\na,\u{301}x\nb,y\n"),
        ("f.csv", "\u{FEFF}question,answer\r\na,x\r\n\r\n\"b\r\n\"\"\u{301}b\",x"),
        ("g.csv", "question,answer\ra,x\rb,\"\""),
        ("h.csv", "\u{FEFF}Question;Answer\r\n\"a;a\";x\r\nb;x"),
        ("i.tsv", "question\tanswer\na\tx\nb, b\tx, y"),
        ("j.CSV", "\"question\";\"id, if any\";\"answer\"\na;1;x\nb;2;x"),
        ("k.txt", "\n{\"question\": \"a\", \"answer\": \"x\"}\n{\"question\": \"b\", \"answer\": \"x\"}\n"),
    ])
    func `files are read as other systems write them`(name: String, text: String) throws {
        let path = scratch.file(name)
        try Data(text.utf8).write(to: URL(filePath: path))
        guard case .questions(let questions) = try LabelledFile(path) else {
            Issue.record("these are questions")
            return
        }
        #expect(questions.map { $0.text.unicodeScalars.first } == ["a", "b"])
    }
}
