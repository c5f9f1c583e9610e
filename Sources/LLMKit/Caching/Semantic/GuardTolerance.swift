/// Lifts guards where a cache shows that they do not matter.
///
/// «Wake me at 6» and «wake me at 7» differ in a number, but where the same canned answer does for both, it does for 8 as
/// well. So a guard does not hold against an answer whose own questions differ among themselves in just that way.
enum GuardTolerance {
    /// So many of an answer's questions must differ from another one of them: fewer may be slips.
    private static let least = 3
    /// More of an answer's questions than this are not compared.
    private static let most = 12

    /// The neighbours without the conflicts that their answers tolerate.
    /// - Parameter traits: of the neighbours' questions, in the same order.
    static func relaxed(
        _ neighbours: [Neighbourhood.Neighbour],
        _ traits: [QuestionTraits]
    ) -> [Neighbourhood.Neighbour] {
        var places: [UInt64: [Int]] = [:]
        for place in neighbours.indices { places[neighbours[place].answer, default: []].append(place) }
        var relaxed = neighbours
        for group in places.values where group.count >= least {
            // The rest would not be served anyway, or is free.
            guard group.contains(where: { !neighbours[$0].conflicts.isEmpty }) else { continue }
            let tolerated = tolerated(group.prefix(most).filter(traits.indices.contains).map { traits[$0] })
            for place in group { relaxed[place].conflicts.subtract(tolerated) }
        }
        return relaxed
    }

    private static func tolerated(_ questions: [QuestionTraits]) -> MatchGuards {
        var differing = [MatchGuards](repeating: [], count: questions.count)
        for one in questions.indices {
            for other in 0..<one {
                let conflicts = questions[one].conflicts(with: questions[other])
                differing[one].formUnion(conflicts)
                differing[other].formUnion(conflicts)
            }
        }
        var tolerated: MatchGuards = []
        for bit in 0..<MatchGuards.RawValue.bitWidth {
            let kind = MatchGuards(rawValue: 1 << MatchGuards.RawValue(bit))
            if differing.count(where: { $0.contains(kind) }) >= least { tolerated.formUnion(kind) }
        }
        return tolerated
    }
}

extension Neighbourhood {
    /// The same without the conflicts that the neighbours' answers tolerate, as their own questions show: see
    /// ``MatchGuards``.
    /// - Parameter traits: of the neighbours' questions, in the same order.
    package func relaxed(by traits: [QuestionTraits]) -> Neighbourhood {
        var copy = self
        copy.neighbours = GuardTolerance.relaxed(neighbours, traits)
        return copy
    }
}
