import Foundation
import Testing

@testable import LLMKit

/// Compares with another implementation: the patterns of ECMAScript itself, in Node.js (Tests/Oracles/patterns.js).
@Suite struct RegularExpressionOracleTests {
    static let isOracleThere: Bool = (try? node(#"{"pattern":"a","texts":["a"]}"#)) == "1\n"

    private struct Case: Encodable {
        var pattern: String
        var texts: [String]
    }

    @Test(.enabled(if: isOracleThere, "needs node"))
    func `random patterns match as in ECMAScript`() throws {
        var generator = PatternGenerator(random: SeededGenerator(seed: 20_262))
        let cases = (0..<4_000).map { _ in
            Case(pattern: generator.pattern(), texts: (0..<12).map { _ in generator.text() })
        }
        let encoder = JSONEncoder()
        let input = try cases.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        let verdicts = try Self.node(input.joined(separator: "\n")).split(separator: "\n")
        try #require(verdicts.count == cases.count)
        var matches = 0
        for (sample, verdict) in zip(cases, verdicts) {
            try #require(verdict != "invalid", "the generator wrote \(sample.pattern)")
            let expression = try RegularExpression(sample.pattern)
            let ours = try sample.texts.map { try expression.matches($0) ? "1" : "0" }.joined()
            #expect(ours == verdict, "\(sample.pattern.debugDescription) on \(sample.texts)")
            matches += verdict.filter { $0 == "1" }.count
        }
        // A comparison in which everything matches, or nothing does, would show little.
        #expect((12_000...36_000).contains(matches), "\(matches) of 48000 match")
    }

    private static func node(_ input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Oracles/patterns.js").standardized.path
        process.arguments = ["node", script]
        let stdout = Pipe()
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("llmkit-oracle-\(UUID()).jsonl")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        try process.run()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        struct Failed: Error {}
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: output, as: UTF8.self)
    }
}

/// Random patterns and texts from few characters, so that they often meet.
private struct PatternGenerator {
    var random: SeededGenerator

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    private mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }

    mutating func text() -> String {
        (0..<below(9)).map { _ in
            pick(["a", "a", "a", "b", "b", "c", "1", " ", "\n", "-", "_", "\u{e9}", "\u{1F600}", "A"])
        }.joined()
    }

    mutating func pattern() -> String {
        (below(4) == 0 ? "^" : "") + alternatives(depth: 3) + (below(3) == 0 ? "$" : "")
    }

    private mutating func alternatives(depth: Int) -> String {
        (0...(below(4) == 0 ? 1 + below(2) : 0)).map { _ in sequence(depth: depth) }.joined(separator: "|")
    }

    private mutating func sequence(depth: Int) -> String { (0...below(4)).map { _ in term(depth: depth) }.joined() }

    private mutating func term(depth: Int) -> String {
        if below(5) == 0 { return assertion(depth: depth) }
        return atom(depth: depth) + (below(3) == 0 ? quantifier() : "")
    }

    private mutating func assertion(depth: Int) -> String {
        switch below(depth > 0 ? 9 : 4) {
        case 0: "^"
        case 1: "$"
        case 2: "\\b"
        case 3: "\\B"
        case 4, 5, 6: "(?=\(alternatives(depth: depth - 1)))"
        default: "(?!\(alternatives(depth: depth - 1)))"
        }
    }

    private mutating func atom(depth: Int) -> String {
        switch below(depth > 0 ? 12 : 9) {
        case 0, 1, 2, 3: return pick(["a", "a", "b", "c", "1", "-", "\u{e9}", "\\u{1F600}", "\\x61", "\\n"])
        case 4: return "."
        case 5: return pick(["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\p{L}", "\\P{L}", "\\p{Lu}", "\\p{Nd}"])
        case 6: return pick(["\\p{gc=Ll}", "\\p{Alphabetic}", "\\P{White_Space}", "\\p{S}", "\\p{Any}", "\\p{Dash}"])
        case 7: return characterClass()
        case 8: return "()"
        case 9: return "(\(alternatives(depth: depth - 1)))"
        default: return "(?:\(alternatives(depth: depth - 1)))"
        }
    }

    private mutating func characterClass() -> String {
        let members = (0..<below(4)).map { _ in
            pick(["a", "b", "a-c", "b-z", "\\d", "\\W", "\\-", "\\p{L}", "\\P{Lu}", "\u{e9}-\u{1F600}", "\\s", "0-9"])
        }
        return "[" + (below(3) == 0 ? "^" : "") + members.joined() + "]"
    }

    private mutating func quantifier() -> String {
        pick(["*", "+", "?", "{0}", "{1}", "{2}", "{0,2}", "{1,3}", "{2,}", "{0,}"]) + (below(5) == 0 ? "?" : "")
    }
}
