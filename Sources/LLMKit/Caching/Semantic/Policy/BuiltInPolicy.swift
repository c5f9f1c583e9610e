/// A policy that LLMKit brings along, made by its leading-dot name.
///
/// | name | serves |
/// |---|---|
/// | ``HitPolicy/fixed(_:)`` | what is near enough |
/// | ``HitPolicy/calibrated(_:)`` | what labelled questions, or past traffic, prove to be right often enough |
/// | ``HitPolicy/adaptive(errorBound:loan:failureProbability:leastCheckShare:closedCheckShare:calibration:perPartition:)`` | what the running traffic proves |
public struct BuiltInPolicy: HitPolicy {
    let base: any HitPolicy

    init(_ base: some HitPolicy) { self.base = base }

    public var neighbours: Int { base.neighbours }
    public var floor: Double { base.floor }
    public var needsMutual: Bool { base.needsMutual }
    public func decide(_ found: Neighbourhood) -> HitDecision { base.decide(found) }
    public func wouldServe(_ found: Neighbourhood) -> Bool { base.wouldServe(found) }
    public func learn(_ trial: HitTrial) { base.learn(trial) }
    public func takeChanges() -> [PolicyPiece] { base.takeChanges() }
    public func combined(_ one: PolicyPiece, _ other: PolicyPiece) -> PolicyPiece { base.combined(one, other) }
    public func merge(_ pieces: [PolicyPiece]) { base.merge(pieces) }
    public func validate() throws(LLMError) { try base.validate() }
}
