import CPlatform

/// What a calibration weighs: a neighbourhood in numbers, seen from the answer that might be served.
///
/// All of them are made of cosines, answers and common words, so they mean the same for any embedder, language and app.
package enum MatchFeature: String, CaseIterable, Hashable, Sendable, Codable {
    /// What the neighbours' vote gives the answer.
    case support
    /// What it gives it above the next answer.
    case lead
    /// How little the neighbours say about the question at all.
    case novelty
    /// The answer's nearest question.
    case similarity
    /// How much nearer that is than the nearest with another answer.
    case margin
    /// The mean cosine of the answer's three nearest questions.
    case nearestThree
    /// The log-odds of the answer's share of a vote in which only the very nearest count.
    case sharpVote
    /// The same with a wider view.
    case wideVote
    /// The mean cosine of the five nearest questions.
    case density
    /// The cosine of the farthest neighbour seen.
    case horizon
    /// The share of neighbours whose answer no other neighbour has.
    case loners
    /// The share of neighbours that have the answer.
    case count
    /// The most words in common with one of the answer's questions.
    case overlap
    /// How much more than with any other.
    case overlapMargin
    /// The mean overlap with the five nearest.
    case nearOverlap
    /// The mean overlap with all.
    case meanOverlap
    /// The mean overlap with the answer's three most alike.
    case overlapThree
    /// The highest kinship with one of the answer's questions.
    case kinship
    /// How much higher that is than with any other.
    case kinshipMargin
    /// The mean kinship with the answer's three most akin.
    case kinshipThree
    /// As the sharp and the wide vote, by kinship.
    case sharpKinship
    case wideKinship

    /// How many of the first can be told of any neighbourhood; the others take the partition's ``AnswerMetric``.
    static let basicCount = allCases.count - 5
}

extension MatchFeature {
    /// The numbers of one match, in the order of `allCases`: all of them, or the first ``basicCount`` where kinships are not
    /// known.
    /// - Parameters:
    ///   - vote: of the same neighbourhood.
    ///   - answer: the number in ``NeighbourVote/groups`` of the answer that might be served.
    ///   - count: how many neighbours were looked for; where there were fewer, the missing ones count as far away.
    static func values(_ found: Neighbourhood, _ vote: NeighbourVote, answer: Int, count: Int) -> [Double] {
        let neighbours = found.neighbours.prefix(vote.groups.count)
        var members = [Int](repeating: 0, count: vote.groupCount)
        for group in vote.groups { members[group] += 1 }
        let isFull = neighbours.count >= count
        let horizon = isFull ? clamped(neighbours.last?.similarity ?? 0, -1...1) : 0
        let nearest = clamped(neighbours.first?.similarity ?? 0, -1...1)
        var own = TopThree(filler: horizon)
        var ownOverlaps = TopThree(filler: 0)
        var (other, otherOverlap) = (-Double.infinity, 0.0)
        var (sharp, sharpTotal, wide, wideTotal) = (0.0, 0.0, 0.0, 0.0)
        var (density, nearOverlap, overlaps, loners) = (0.0, 0.0, 0.0, 0.0)
        for (place, neighbour) in neighbours.enumerated() {
            let cosine = clamped(neighbour.similarity, -1...1)
            let overlap = clamped(neighbour.overlap, 0...1)
            let (near, far) = (exp((cosine - nearest) / 0.05), exp((cosine - nearest) / 0.1))
            sharpTotal += near
            wideTotal += far
            if vote.groups[place] == answer {
                own.add(cosine)
                ownOverlaps.add(overlap)
                sharp += near
                wide += far
            } else {
                other = max(other, cosine)
                otherOverlap = max(otherOverlap, overlap)
            }
            if members[vote.groups[place]] == 1 { loners += 1 }
            if place < 5 {
                density += cosine
                nearOverlap += overlap
            }
            overlaps += overlap
        }
        let five = Double(min(5, max(1, count)))
        let all = Double(max(1, count))
        let share = vote.shares[answer]
        var next = 0.0
        for group in 0..<vote.groupCount where group != answer { next = max(next, vote.shares[group]) }
        let kin = KinshipFeatures(neighbours.map(\.kinship), groups: vote.groups, answer: answer)
        return allCases.prefix(kin == nil ? basicCount : allCases.count).map { feature in
            switch feature {
            case .support: share
            case .lead: share - next
            case .novelty: vote.novelty
            case .similarity: own.first
            case .margin: own.first - (other.isFinite ? other : horizon)
            case .nearestThree: own.mean
            case .sharpVote: logOdds(sharp / sharpTotal)
            case .wideVote: logOdds(wide / wideTotal)
            case .density: density / five
            case .horizon: horizon
            case .loners: loners / all
            case .count: Double(members[answer]) / all
            case .overlap: ownOverlaps.first
            case .overlapMargin: ownOverlaps.first - otherOverlap
            case .nearOverlap: nearOverlap / five
            case .meanOverlap: overlaps / all
            case .overlapThree: ownOverlaps.mean
            case .kinship: kin?.first ?? 0
            case .kinshipMargin: kin?.margin ?? 0
            case .kinshipThree: kin?.three ?? 0
            case .sharpKinship: kin?.sharp ?? 0
            case .wideKinship: kin?.wide ?? 0
            }
        }
    }

    private static func clamped(_ value: Double, _ range: ClosedRange<Double>) -> Double {
        value.isFinite ? min(max(value, range.lowerBound), range.upperBound) : range.lowerBound
    }

    static func logOdds(_ share: Double) -> Double {
        let share = min(max(share, 1e-4), 1)
        return log(share / max(1 - share, 1e-4))
    }
}
