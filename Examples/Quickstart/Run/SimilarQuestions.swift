import ExampleSupport
import LLMKit
import PortableFoundation

/// The semantic cache of the demo, where the weights of a sentence encoder are at hand.
struct SimilarQuestions {
    let cache: SemanticCache
    /// What finds the questions, for people.
    let name: String

    /// Questions from this cosine on are taken for the same, if the guards have nothing against it.
    private static let similarity = 0.85

    /// - Returns: `nil` if there are no weights and none were asked for.
    init?(_ options: Options, environment: [String: String]) throws {
        let fetched = ".models/all-minilm-l6-v2"
        let named = options.embedder ?? environment["LLMKIT_MINILM"].flatMap { $0.isEmpty ? nil : $0 }
        guard let folder = named ?? (FileManager.default.fileExists(atPath: fetched) ? fetched : nil) else {
            return nil
        }
        cache = try SemanticCache(.miniLM(folder: folder), policy: .fixed(Self.similarity))
        name = "MiniLM, cosine from \(Figures.fixed(Self.similarity, 2)) on"
    }

    /// Compares what the file says that two questions are about.
    func judge(_ questions: [Question]) -> @Sendable (SemanticMatch, Question) -> Bool {
        let intents = Dictionary(questions.map { ($0.text, $0.intent) }, uniquingKeysWith: { first, _ in first })
        return { [cache] match, question in
            guard let asked = question.intent, let remembered = cache.question(entry: match.entry),
                let answered = intents[remembered] ?? nil
            else { return false }
            return asked != answered
        }
    }
}
