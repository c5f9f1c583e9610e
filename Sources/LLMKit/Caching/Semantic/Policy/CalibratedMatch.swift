/// The answer that a neighbourhood speaks for, and the numbers that tell how far to trust it.
struct CalibratedMatch {
    /// Which neighbour would be served: the answer's nearest that no guard objects to, else its nearest.
    let neighbour: Int
    let answer: UInt64
    /// Whether the guards object to all of the answer's questions.
    let isBarred: Bool
    /// In the order of `MatchFeature`'s `allCases`; as many of them as are known.
    let features: [Double]

    /// - Parameters:
    ///   - neighbours: how many of the neighbours take part.
    ///   - judged: a neighbour whose answer is to be judged, instead of the one that the neighbours vote for.
    init?(_ found: Neighbourhood, neighbours count: Int, judged: Int? = nil) {
        guard let vote = NeighbourVote(found, count: count) else { return nil }
        var winner = vote.winner
        if let judged, vote.groups.indices.contains(judged) { winner = vote.groups[judged] }
        guard let nearest = vote.groups.firstIndex(of: winner) else { return nil }
        let free = vote.groups.indices.first { vote.groups[$0] == winner && found.neighbours[$0].conflicts.isEmpty }
        neighbour = free ?? nearest
        isBarred = free == nil
        answer = found.neighbours[nearest].answer
        features = MatchFeature.values(found, vote, answer: winner, count: count)
    }
    /// What the neighbours' vote gives the answer above the next.
    var lead: Double { zip(MatchFeature.allCases, features).first { $0.0 == .lead }?.1 ?? 0 }
}
