import CPlatform

#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import Synchronization
#endif

/// How the simulated models find an answer: they look up the sentence of their instructions that shares the rarest words
/// with the question.
///
/// That is no language model, but it behaves like one where it matters to a pipeline: the answers come from the prompt, a
/// question that fits one sentence is easy, and one that fits two (another harbour, another number, a negation) is hard.
final class Librarian: Sendable {
    /// A fact, and how sure the librarian is that it is the one that was asked for.
    struct Finding: Equatable, Sendable {
        /// The best sentences, best first; empty if none shares a word with the question.
        var sentences: [String]
        /// How much of the question the best sentence covers, 0 to 1.
        var coverage: Double
        /// How far the best is ahead of the second, 0 to 1.
        var margin: Double
    }

    private let indexes = Mutex<[Int: Index]>([:])

    func find(_ question: String, in instructions: String) -> Finding {
        index(of: instructions).find(question)
    }

    private func index(of instructions: String) -> Index {
        let key = instructions.hashValue
        return indexes.withLock { indexes in
            if let index = indexes[key], index.source == instructions { return index }
            if indexes.count > 64 { indexes.removeAll() }
            let index = Index(instructions)
            indexes[key] = index
            return index
        }
    }
}

/// The sentences of one set of instructions, by the words they hold.
private struct Index {
    let source: String
    private let sentences: [String]
    private let words: [Set<String>]
    private let frequency: [String: Int]

    init(_ instructions: String) {
        source = instructions
        sentences = Self.sentences(of: instructions)
        words = sentences.map { Set(Words.stems(of: $0)) }
        frequency = words.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    func find(_ question: String) -> Librarian.Finding {
        let asked = Set(Words.stems(of: question))
        let total = asked.sorted().reduce(0) { $0 + weight($1) }
        guard total > 0 else { return Librarian.Finding(sentences: [], coverage: 0, margin: 0) }
        let scores = words.map { words in
            // In a fixed order, because the sum of floating-point numbers depends on it. Of two sentences that share the
            // same words, the shorter is more to the point.
            words.intersection(asked).sorted().reduce(0) { $0 + weight($1) } / total / (1 + 0.01 * Double(words.count))
        }
        let ranked = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix { scores[$0] > 0 }
        guard let best = ranked.first else { return Librarian.Finding(sentences: [], coverage: 0, margin: 0) }
        let second = ranked.dropFirst().first.map { scores[$0] } ?? 0
        return Librarian.Finding(
            sentences: ranked.prefix(2).map { sentences[$0] },
            coverage: scores[best],
            margin: scores[best] - second
        )
    }

    /// Rare words tell more (inverse document frequency); a word that the instructions do not know tells a little of a
    /// bad match.
    private func weight(_ word: String) -> Double {
        guard let frequency = frequency[word] else { return 0.4 }
        return log(1 + Double(sentences.count) / Double(frequency)) / log(1 + Double(sentences.count))
    }

    private static func sentences(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            var sentences: [String] = []
            var start = line.startIndex
            var index = line.startIndex
            while index < line.endIndex {
                let next = line.index(after: index)
                if ".!?".contains(line[index]), next == line.endIndex || line[next] == " " {
                    sentences.append(String(line[start..<next].drop { $0 == " " }))
                    start = next
                }
                index = next
            }
            return sentences
        }
    }
}

/// Words as a search engine sees them: lower case, without endings, without the ones that every sentence has.
enum Words {
    static func stems(of text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
            .filter { !common.contains($0) }.map(stem)
    }

    private static func stem(_ word: String) -> String {
        for ending in ["ations", "ation", "ings", "ing", "ed", "es", "s", "e"]
        where word.count - ending.count >= 3 && word.hasSuffix(ending) {
            let root = word.dropLast(ending.count)
            // "cancelling" and "cancel" are one word.
            return String(root.suffix(2) == "ll" ? root.dropLast() : root)
        }
        return word
    }

    private static let common: Set<String> = [
        "a", "after", "all", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "cannot", "did", "do",
        "does",
        "for", "from", "get", "go", "had", "has", "have", "how", "i", "if", "in", "is", "it", "its", "long", "may",
        "me",
        "much", "must", "my", "need", "no", "not", "of", "on", "one", "or", "our", "s", "t", "that", "the", "their",
        "them",
        "there", "they", "this", "to", "up", "us", "was", "we", "what", "when", "where", "which", "who", "whom", "will",
        "with", "you", "your",
    ]
}
