import Foundation
import LLMKit
import LLMKitTesting

/// How many questions get the answer of one that is nearly the same in words: twins, whose answers differ, and rewordings,
/// whose answers are one.
///
/// Every pair goes through a whole ``SemanticCache`` with a fixed threshold and all guards, in a partition of its own: `a` is
/// remembered, `b` asked.
struct SemanticTwinsBenchmark {
    private struct Pair: Decodable {
        enum Expectation: String, Decodable {
            case serve
            case ask
        }

        var a: String
        var b: String
        var kind: String
        var expect: Expectation
    }

    private let pairs: [Pair]
    private let threshold: Double
    private let lists: Bool
    private let options: Options

    init(_ options: Options) throws {
        guard let path = options.optionalText("file") else { throw UsageError(message: "--file is missing") }
        pairs = try Self.read(path)
        threshold = try options.double("threshold", 0.8)
        lists = options.has("list")
        self.options = options
    }

    func run() async throws {
        guard case .model(let embedder) = try VectorSource(options) else {
            throw UsageError(message: "semantic-twins embeds by itself, and takes no vectors")
        }
        let cache = try SemanticCache(embedder, policy: .fixed(threshold))
        let pipeline = try Pipeline(router: .to("m"), caches: [cache]) {
            ChatModel("m", MockProvider("The answer to the first question."))
        }
        var (twins, twinsServed, rewordings, rewordingsServed) = (0, 0, 0, 0)
        for (number, pair) in pairs.enumerated() {
            _ = try await pipeline.respond(to: request(pair.a, number))
            let isServed = try await pipeline.respond(to: request(pair.b, number)).servedBy == .semantic
            switch pair.expect {
            case .ask:
                twins += 1
                if isServed { twinsServed += 1 }
            case .serve:
                rewordings += 1
                if isServed { rewordingsServed += 1 }
            }
            if lists, isServed != (pair.expect == .serve) { try await list(pair, embedder) }
        }
        var line = ResultLine()
        line.add("twins_served", Double(twinsServed) / Double(max(1, twins)), places: 4)
        line.add("rewordings_served", Double(rewordingsServed) / Double(max(1, rewordings)), places: 4)
        line.add("n_twins", twins)
        line.add("n_rewordings", rewordings)
        line.print()
    }

    private func request(_ text: String, _ number: Int) -> ChatRequest {
        var request = ChatRequest(text)
        request.cachePartition = "pair \(number)"
        return request
    }

    /// Says what went wrong with a pair: how alike the questions are, and what the guards said.
    private func list(_ pair: Pair, _ embedder: MiniLMEmbedder) async throws {
        let vectors = try await embedder.embed([pair.a, pair.b]).vectors
        let cosine = zip(vectors[0], vectors[1]).reduce(0) { $0 + $1.0 * $1.1 }
        let conflicts = QuestionTraits(pair.a).conflicts(with: QuestionTraits(pair.b))
        let reason = conflicts.isEmpty ? cosine < Float(threshold) ? "too far" : "no guard objects" : conflicts.names
        print(
            pair.expect == .ask ? "served" : "asked",
            pair.kind,
            "\((cosine * 1000).rounded() / 1000)",
            reason,
            "\(pair.a) | \(pair.b)",
            separator: "\t"
        )
    }

    private static func read(_ path: String) throws -> [Pair] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw UsageError(message: "\(path): cannot be read")
        }
        let pairs = try text.split(separator: "\n").enumerated().map { number, line in
            guard let pair = try? JSONDecoder().decode(Pair.self, from: Data(line.utf8)) else {
                throw UsageError(message: "\(path):\(number + 1): needs a, b, kind, and expect of serve or ask")
            }
            return pair
        }
        guard !pairs.isEmpty else { throw UsageError(message: "\(path): holds no pair") }
        return pairs
    }
}

extension MatchGuards {
    /// The names of the guards, for people to read.
    fileprivate var names: String {
        let all: [(MatchGuards, String)] = [
            (.numbers, "numbers"), (.negation, "negation"), (.reversal, "reversal"), (.entities, "entities"),
            (.units, "units"), (.dates, "dates"), (.languages, "languages"), (.substitution, "substitution"),
            (.modality, "modality"), (.scope, "scope"), (.persons, "persons"), (.modifiers, "modifiers"),
        ]
        return all.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
