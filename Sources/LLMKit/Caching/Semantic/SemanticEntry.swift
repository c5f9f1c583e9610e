import PortableFoundation
import Synchronization

/// One remembered question and its answer.
///
/// Immutable but for what is worked out when first needed: after a start, most entries wait long for their first use.
final class SemanticEntry: Sendable {
    /// What is written to a file, too.
    struct Content: Sendable {
        var partition: Fingerprint
        var question: String
        /// Which answer it is: entries whose answers say the same share the number.
        var answer: UInt64
        var tenant: String?
        var user: String?
        var tags: [String: String] = [:]
        /// What the answer cost, in picodollars: what a hit saves.
        var cost: Int64 = 0
        /// Milliseconds since 1970.
        var created: Int64
        var expires: Int64?
    }

    let id: Int64
    let content: Content
    /// About how many bytes the entry takes, its vector aside.
    let bytes: Int

    private enum Answer {
        case decoded(ChatResponse)
        /// As JSON, as it came from a file.
        case encoded([UInt8])
        case broken
    }
    private struct Memo {
        var answer: Answer
        var traits: QuestionTraits?
        var answerVector: [Float]?
    }
    private let memo: Mutex<Memo>

    init(id: Int64, _ content: Content, response: ChatResponse) {
        self.id = id
        self.content = content
        bytes = Self.bytes(content, response)
        memo = Mutex(Memo(answer: .decoded(response)))
    }

    init(id: Int64, _ content: Content, json: [UInt8]) {
        self.id = id
        self.content = content
        bytes = content.footprint + json.count
        memo = Mutex(Memo(answer: .encoded(json)))
    }

    /// About how many bytes an entry will take, its vector aside.
    static func bytes(_ content: Content, _ response: ChatResponse) -> Int { content.footprint + response.footprint }

    /// What tells its question from others.
    var traits: QuestionTraits {
        memo.withLock { memo in
            if let known = memo.traits { return known }
            let traits = QuestionTraits(content.question)
            memo.traits = traits
            return traits
        }
    }

    /// The answer; `nil` if what was read from a file is none.
    var response: ChatResponse? {
        memo.withLock { memo in
            switch memo.answer {
            case .decoded(let response): return response
            case .broken: return nil
            case .encoded(let json):
                let response = try? StoredResponse.decode(json)
                memo.answer = response.map(Answer.decoded) ?? .broken
                return response
            }
        }
    }

    /// The vector of the answer's text, once somebody has computed it: ``SemanticMemory/keep(_:ofAnswerIn:)``.
    var answerVector: [Float]? {
        get { memo.withLock { $0.answerVector } }
        set { memo.withLock { $0.answerVector = newValue } }
    }

    /// What that takes beyond ``bytes``. Only changes while the entry's memory sees to it.
    var answerVectorBytes: Int { answerVector.map { 32 + $0.count * MemoryLayout<Float>.stride } ?? 0 }

    func isExpired(at now: Int64) -> Bool { Expiry(created: content.created, expires: content.expires).isOver(at: now) }
}

extension SemanticEntry.Content {
    /// About how many bytes it takes with its places in tables and heap, and the traits of its question.
    fileprivate var footprint: Int {
        let tags = tags.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 64 }
        return 640 + question.utf8.count * 3 + (tenant?.utf8.count ?? 0) + (user?.utf8.count ?? 0) + tags
    }
}
