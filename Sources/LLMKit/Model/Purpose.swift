/// Why an upstream was asked.
///
/// Every attempt has one: it is in its ledger row and in its span, so that an answer's cost can be told from the cost of
/// retries, of judging, and of what runs beside the request. An open set: routers, signals and decorators may name
/// purposes of their own.
public struct Purpose: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// Which share of the request's attempts it is taken from, and what the money counts as.
    public let role: Role

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
        public var isBeside: Bool { self == .shadow || self == .check }
    }

    public init(_ name: String, role: Role) {
        description = name
        self.role = role
    }

    /// The first try of a model that may give the answer.
    public static let answer = Purpose("answer", role: .answer)
    /// The same upstream again, after it failed.
    public static let retry = Purpose("retry", role: .answer)
    /// Another model, because the one before failed.
    public static let fallback = Purpose("fallback", role: .answer)
    /// A second upstream at the same time, because the first is slow.
    public static let hedge = Purpose("hedge", role: .answer)
    /// To choose a route, such as by a classifier.
    public static let routing = Purpose("routing", role: .routing)
    /// Another answer of the judged model, to compare with.
    public static let sample = Purpose("sample", role: .confidence)
    /// A question about the answer that is judged.
    public static let confidence = Purpose("confidence", role: .confidence)
    /// A mark for an answer.
    public static let grading = Purpose("grading", role: .confidence)
    public static let shadow = Purpose("shadow", role: .shadow)
    public static let check = Purpose("check", role: .check)
    public static let embedding = Purpose("embedding", role: .embedding)
}
