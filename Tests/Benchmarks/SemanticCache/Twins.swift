import Foundation
import LLMKit

/// Two questions that are alike: phrasings of one (`same`), or twins of which one must not get the other's answer.
struct Twin: Decodable {
    var a: String
    var b: String
    var kind: String

    static func read(_ path: String) throws -> [Twin] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw UsageError(message: "\(path): cannot be read")
        }
        return try text.split(separator: "\n").enumerated().map { number, line in
            guard let twin = try? JSONDecoder().decode(Twin.self, from: Data(line.utf8)) else {
                throw UsageError(message: "\(path):\(number + 1): has no a, b and kind")
            }
            return twin
        }
    }
}

/// How many twins got the wrong answer from a cache that remembers the other one.
struct TwinOutcome {
    private(set) var twins = 0
    private(set) var served = 0
    private(set) var paraphrases = 0
    private(set) var paraphrasesServed = 0

    /// - Parameters:
    ///   - cache: what else is remembered.
    ///   - first: the number of the first answer, from which on none is taken.
    init(_ pairs: [Twin], _ cache: BenchmarkCache, _ first: UInt64, _ source: VectorSource) async throws {
        var cache = cache
        let vectors = try await source.vectors("twins", pairs.map(\.a) + pairs.map(\.b))
        for (number, pair) in pairs.enumerated() {
            let answer = first + UInt64(number)
            try cache.insert(vectors[number], QuestionTraits(pair.a), answer: answer)
            let isServed = try cache.answer(to: vectors[pairs.count + number], QuestionTraits(pair.b)) != nil
            // Pairs do not meet each other: some hold questions that are equal to another's.
            cache.removeLast()
            if pair.kind == "same" {
                paraphrases += 1
                if isServed { paraphrasesServed += 1 }
            } else {
                twins += 1
                if isServed { served += 1 }
            }
        }
    }
}
