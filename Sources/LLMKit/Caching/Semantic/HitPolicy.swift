/// Decides whether a remembered answer may be served for a question that is only similar.
///
/// A whole policy:
///
/// ```swift
/// struct Strict: HitPolicy {
///     let neighbours = 1
///     let floor = 0.97
///     func decide(_ found: Neighbourhood) -> HitDecision {
///         guard let best = found.neighbours.first, best.conflicts.isEmpty else { return .ask() }
///         return .serve(0, score: best.similarity, threshold: 0.97)
///     }
/// }
/// ```
public protocol HitPolicy: Sendable {
    /// How many of the nearest questions it wants to see.
    var neighbours: Int { get }
    /// The lowest cosine that is of any use to it, -1 to 1. The higher, the faster the search.
    var floor: Double { get }
    /// Whether it wants to know how alike the neighbours are among themselves (``Neighbourhood/mutual``), which takes the
    /// cache half as many products as the square of their number. The default does not.
    var needsMutual: Bool { get }

    func decide(_ found: Neighbourhood) -> HitDecision

    /// Whether it would serve a match, asked without consequences: of questions whose answers are only on their way.
    ///
    /// The default decides; a policy that counts its decisions, or throws dice, answers otherwise.
    func wouldServe(_ found: Neighbourhood) -> Bool

    /// Learns how a decision would have turned out. The default learns nothing.
    func learn(_ trial: HitTrial)

    /// What was learned, as bytes for a file that brings it back after a restart. The default has nothing to keep.
    var saved: [UInt8]? { get }

    /// Goes on from what was learned before. What it cannot read, it ignores.
    func restore(_ saved: [UInt8])

    /// Finds settings that can never work. The default finds nothing.
    func validate() throws(LLMError)
}

extension HitPolicy {
    public var needsMutual: Bool { false }
    public func wouldServe(_ found: Neighbourhood) -> Bool { decide(found).action == .serve }
    public func learn(_ trial: HitTrial) {}
    public var saved: [UInt8]? { nil }
    public func restore(_ saved: [UInt8]) {}
    public func validate() throws(LLMError) {}
}

/// What a policy decided about a question.
public struct HitDecision: Hashable, Sendable {
    public enum Action: String, Hashable, Sendable, Codable {
        /// The remembered answer is good enough.
        case serve
        /// It is not, or there is none: the model is asked.
        case ask
        /// The model is asked although the answer might do, to learn whether it would have: its answer is compared with
        /// the remembered one, and the policy told (``HitPolicy/learn(_:)``).
        case check
    }

    public var action: Action
    /// Which of the neighbours was judged: an index into ``Neighbourhood/neighbours``; `nil` if there was none.
    public var neighbour: Int?
    /// How good the match looked to the policy, on its own scale.
    public var score: Double
    /// What the score had to reach.
    public var threshold: Double
    /// How likely such a decision was to be a ``Action/check``, 0 to 1. A checked match stands for `1 / checkRate` that were
    /// not, so reports can weigh it.
    public var checkRate: Double

    public init(_ action: Action, neighbour: Int?, score: Double, threshold: Double, checkRate: Double = 0) {
        self.action = action
        self.neighbour = neighbour
        self.score = score
        self.threshold = threshold
        self.checkRate = checkRate
    }

    /// Whether the match was good enough, be it served or checked.
    public var isHit: Bool { neighbour != nil && score >= threshold }

    public static func serve(_ neighbour: Int, score: Double, threshold: Double) -> HitDecision {
        HitDecision(.serve, neighbour: neighbour, score: score, threshold: threshold)
    }

    public static func ask(_ neighbour: Int? = nil, score: Double = 0, threshold: Double = 0) -> HitDecision {
        HitDecision(.ask, neighbour: neighbour, score: score, threshold: threshold)
    }

    public static func check(_ neighbour: Int, score: Double, threshold: Double, rate: Double = 1) -> HitDecision {
        HitDecision(.check, neighbour: neighbour, score: score, threshold: threshold, checkRate: rate)
    }
}

/// A decision whose outcome became known: the fresh answer, a judge or the app said whether the remembered one was right.
public struct HitTrial: Hashable, Sendable {
    public var found: Neighbourhood
    public var decision: HitDecision
    /// Whether the remembered answer would have been, or was, right.
    public var wasRight: Bool
    /// Whether any remembered answer would have been right; where that is not known, `true`.
    public var wasAnswerable: Bool

    public init(found: Neighbourhood, decision: HitDecision, wasRight: Bool, wasAnswerable: Bool = true) {
        self.found = found
        self.decision = decision
        self.wasRight = wasRight
        self.wasAnswerable = wasAnswerable
    }
}
