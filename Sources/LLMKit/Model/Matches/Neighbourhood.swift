/// What a look-up found near a question: all that a ``HitPolicy`` decides on.
public struct Neighbourhood: Hashable, Sendable {
    /// One remembered question.
    public struct Neighbour: Hashable, Sendable {
        /// The entry's number in its cache.
        public var entry: Int64
        /// The cosine between the two questions, -1 to 1.
        public var similarity: Double
        /// Which answer it got: entries whose answers say the same have the same number.
        public var answer: UInt64
        /// What the guards found to tell the two questions apart, though they are alike; empty if nothing.
        public var conflicts: MatchGuards
        /// The share of words that the two questions have in common (Jaccard), 0 to 1.
        public var overlap: Double
        /// How akin the two are if what varies among the questions of one answer counts little; `nil` where the partition
        /// knows too little to tell.
        package var kinship: Double?

        public init(
            entry: Int64,
            similarity: Double,
            answer: UInt64,
            conflicts: MatchGuards = [],
            overlap: Double = 0
        ) {
            self.entry = entry
            self.similarity = similarity
            self.answer = answer
            self.conflicts = conflicts
            self.overlap = overlap
        }
    }

    /// The nearest first, as many as ``HitPolicy/neighbours`` asks for and as reach ``HitPolicy/floor``.
    public var neighbours: [Neighbour]
    /// The cosines among the neighbours themselves, for policies that ask for them (``HitPolicy/needsMutual``): a vote in
    /// which near copies count once needs to know who is a copy.
    ///
    /// The triangle below the diagonal, row after row: the cosine of neighbours `i` and `j < i` is at `i * (i - 1) / 2 + j`.
    /// Empty if they are not known.
    public var mutual: [Float]
    /// Names the hard partition inside which was searched: answers never cross it.
    public var partition: UInt64
    /// How many questions the partition remembers.
    public var count: Int

    public init(_ neighbours: [Neighbour], mutual: [Float] = [], partition: UInt64 = 0, count: Int = 0) {
        self.neighbours = neighbours
        self.mutual = mutual
        self.partition = partition
        self.count = count
    }
}

extension Neighbourhood: CustomStringConvertible {
    /// Such as `48 neighbours of 3000 questions, the nearest at 0.941`.
    public var description: String {
        let nearest = neighbours.first.map { ", the nearest at \($0.similarity.inThreePlaces)" } ?? ""
        return "\(neighbours.count) neighbours of \(count) questions\(nearest)"
    }
}
