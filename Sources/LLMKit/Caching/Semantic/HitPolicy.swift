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
    /// cache half as many products as the square of their number, and has it learn from its answers which differences matter.
    /// The default does not.
    var needsMutual: Bool { get }

    func decide(_ found: Neighbourhood) -> HitDecision

    /// Whether it would serve a match, asked without consequences: of questions whose answers are only on their way.
    ///
    /// The default decides; a policy that counts its decisions, or throws dice, answers otherwise.
    func wouldServe(_ found: Neighbourhood) -> Bool

    /// Learns how a decision would have turned out. The default learns nothing.
    func learn(_ trial: HitTrial)

    /// What was learned since this was last asked, in pieces for a file that brings it back after a restart. The default
    /// has nothing to keep.
    ///
    /// Each piece holds only what has been added, so that several processes may add to one file. Who takes them puts each
    /// together with what the file holds (``combined(_:_:)``), writes the result, and gives it back (``merge(_:)``). If the
    /// writing fails, the changes are kept, and put together with the next ones.
    func takeChanges() -> [PolicyPiece]

    /// What two pieces of the same key hold together, whichever comes first. The default keeps the second.
    ///
    /// A piece that cannot be read, such as one of another version, counts as empty.
    func combined(_ one: PolicyPiece, _ other: PolicyPiece) -> PolicyPiece

    /// Goes on from what a file holds, with all that was taken by ``takeChanges()`` so far: in place of what was known of
    /// these keys, but for what was learned since. What it cannot read, it ignores.
    func merge(_ pieces: [PolicyPiece])

    /// Finds settings that can never work. The default finds nothing.
    func validate() throws(LLMError)
}

extension HitPolicy {
    public var needsMutual: Bool { false }
    public func wouldServe(_ found: Neighbourhood) -> Bool { decide(found).action == .serve }
    public func learn(_ trial: HitTrial) {}
    public func takeChanges() -> [PolicyPiece] { [] }
    public func combined(_ one: PolicyPiece, _ other: PolicyPiece) -> PolicyPiece { other }
    public func merge(_ pieces: [PolicyPiece]) {}
    public func validate() throws(LLMError) {}
}
