/// A policy whose decisions have consequences for it, and which can tell what it would decide without them.
///
/// In ``SemanticCacheOptions/Mode/shadow`` nothing is served: what was never served must not be earned on.
protocol RehearsingPolicy: HitPolicy {
    /// What it would decide. A match that it would serve, or might some day, is to be checked, with certainty.
    func rehearse(_ found: Neighbourhood) -> HitDecision
}

extension BuiltInPolicy: RehearsingPolicy {
    func rehearse(_ found: Neighbourhood) -> HitDecision {
        (base as? any RehearsingPolicy)?.rehearse(found) ?? base.decide(found)
    }
}
