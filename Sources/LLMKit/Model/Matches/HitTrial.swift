/// A decision whose outcome became known: the fresh answer, a judge or the app said whether the remembered one was right.
public struct HitTrial: Hashable, Sendable {
    public var found: Neighbourhood
    public var decision: HitDecision
    /// Whether the remembered answer would have been, or was, right.
    public var wasRight: Bool
    /// Whether any remembered answer would have been right; where that is not known, `true`.
    public var wasAnswerable: Bool

    package init(found: Neighbourhood, decision: HitDecision, wasRight: Bool, wasAnswerable: Bool = true) {
        self.found = found
        self.decision = decision
        self.wasRight = wasRight
        self.wasAnswerable = wasAnswerable
    }
}

extension HitTrial: CustomStringConvertible {
    /// Such as `check: score 0.97 of 0.93 needed; was right; 48 neighbours of 3000 questions, the nearest at 0.941`.
    public var description: String { "\(decision); was \(wasRight ? "right" : "wrong"); \(found)" }
}
