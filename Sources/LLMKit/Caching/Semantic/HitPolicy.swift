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
