/// Why an upstream was asked.
///
/// Every attempt has one: it is in its ledger row and in its span, so that an answer's cost can be told from the cost of
/// retries, of judging, and of what runs beside the request. An open set: routers, signals and decorators may name
/// purposes of their own.
#if hasAttribute(nonexhaustive)
@nonexhaustive
#endif
public enum Purpose: Hashable, Sendable {
    /// The first try of a model that may give the answer.
    case answer
    /// The same upstream again, after it failed.
    case retry
    /// Another model, because the one before failed.
    case fallback
    /// A second upstream at the same time, because the first is slow.
    case hedge
    /// To choose a route, such as by a classifier.
    case routing
    /// Another answer of the judged model, to compare with.
    case sample
    /// A question about the answer that is judged.
    case confidence
    /// A mark for an answer.
    case grading
    /// A copy for comparison.
    case shadow
    /// Whether a remembered answer would have been right.
    case check
    /// A vector of a text.
    case embedding
    /// A purpose of the app's own.
    case other(String, role: Role)

    /// What an attempt contributes to.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// The caller's answer.
        case answer
        /// The choice of the route.
        case routing
        /// The judgement of an answer.
        case confidence
        /// A copy for comparison: the caller neither waits nor pays for it.
        case shadow
        /// Whether a remembered answer would have been right: the caller neither waits nor pays for it.
        case check
        /// A vector of a text.
        case embedding

        /// Whether the caller's request neither waits for it nor pays for it: it may outlive the request.
        package var isBeside: Bool { self == .shadow || self == .check }
    }

    /// Which share of the request's attempts it is taken from, and what the money counts as.
    public var role: Role {
        switch self {
        case .answer, .retry, .fallback, .hedge: .answer
        case .routing: .routing
        case .sample, .confidence, .grading: .confidence
        case .shadow: .shadow
        case .check: .check
        case .embedding: .embedding
        case .other(_, let role): role
        }
    }
}

extension Purpose: CustomStringConvertible {
    /// The name in ledgers and spans.
    public var description: String {
        switch self {
        case .answer: "answer"
        case .retry: "retry"
        case .fallback: "fallback"
        case .hedge: "hedge"
        case .routing: "routing"
        case .sample: "sample"
        case .confidence: "confidence"
        case .grading: "grading"
        case .shadow: "shadow"
        case .check: "check"
        case .embedding: "embedding"
        case .other(let name, _): name
        }
    }

    /// The purpose of that name, as a ledger keeps it.
    /// - Parameters:
    ///   - name: what it is called.
    ///   - role: that of a purpose that LLMKit does not know.
    init(_ name: String, role: Role) { self = Self.known[name] ?? .other(name, role: role) }

    private static let known = Dictionary(
        uniqueKeysWithValues: [
            Self.answer, .retry, .fallback, .hedge, .routing, .sample, .confidence, .grading, .shadow, .check,
            .embedding,
        ].map { ($0.description, $0) }
    )
}
