/// Whether the words that two texts share stand in swapped roles.
enum WordOrder {
    case same
    /// Moved, as clauses may be.
    case moved
    case reversed

    init(_ a: TextTraits, _ b: TextTraits, _ pairing: WordPairing) {
        self = Self.swapsRoles(pairing) ? .reversed : .same
        if self == .reversed { return }
        var previous = -1
        var isMonotonic = true
        for place in a.words.indices where !a.words[place].isCaseless {
            guard let partner = pairing.partner(of: place) else { continue }
            if partner < previous { isMonotonic = false }
            previous = max(previous, partner)
        }
        if isMonotonic { return }
        self = Self.isReversed(a, b, pairing) ? .reversed : .moved
    }

    /// "from A to B" and "from B to A": two words that exchange their prepositions.
    private static func swapsRoles(_ pairing: WordPairing) -> Bool {
        for (place, word) in pairing.a.enumerated() where word.kind != .pronoun {
            guard let partner = pairing.partner(of: place) else { continue }
            let role = pairing.b[partner].role
            guard role != word.role, word.role.isDirected || role.isDirected, word.role != .also, role != .also else { continue }
            for next in pairing.a.indices.dropFirst(place + 1) where pairing.a[next].role == role {
                guard pairing.a[next].kind != .pronoun, let other = pairing.partner(of: next) else { continue }
                if pairing.b[other].role == word.role { return true }
            }
        }
        return false
    }

    private static func isReversed(_ a: TextTraits, _ b: TextTraits, _ pairing: WordPairing) -> Bool {
        let count = a.words.count
        return withUnsafeTemporaryAllocation(of: Int16.self, capacity: 2 * count) { space in
            // The shared words in the order of `a`: where they are, and their ranks in `b`.
            var shared = 0
            for place in 0..<count where !a.words[place].isCaseless && pairing.isPaired(a: place) {
                space.initializeElement(at: shared, to: Int16(place))
                shared += 1
            }
            for one in 0..<shared {
                let partner = pairing.partner(of: Int(space[one])) ?? 0
                var rank: Int16 = 0
                for other in 0..<shared where pairing.partner(of: Int(space[other])) ?? 0 < partner { rank += 1 }
                space.initializeElement(at: count + one, to: rank)
            }
            let places = UnsafeBufferPointer(rebasing: space[0..<shared])
            let ranks = UnsafeBufferPointer(rebasing: space[count..<(count + shared)])
            let left = max(count, b.words.count) - shared
            return isReversed(a, b, pairing, places: places, ranks: ranks, left: left)
        }
    }

    private static func isReversed(
        _ a: TextTraits,
        _ b: TextTraits,
        _ pairing: WordPairing,
        places: UnsafeBufferPointer<Int16>,
        ranks: UnsafeBufferPointer<Int16>,
        left: Int
    ) -> Bool {
        guard let first = ranks.indices.first(where: { ranks[$0] != $0 }),
            let last = ranks.indices.last(where: { ranks[$0] != $0 })
        else { return false }
        let length = last - first + 1
        if length > 3, (0..<length).allSatisfy({ Int(ranks[first + $0]) == last - $0 }) { return left <= 1 }
        // X M Y became Y M X.
        let head = last - Int(ranks[first]) + 1
        let tail = Int(ranks[last]) - first + 1
        guard head > 0, tail > 0, head + tail <= length else { return false }
        for offset in 0..<length {
            let expected: Int
            if offset < head {
                expected = last - head + 1 + offset
            } else if offset >= length - tail {
                expected = first + offset - (length - tail)
            } else {
                expected = first + offset + tail - head
            }
            if Int(ranks[first + offset]) != expected { return false }
        }
        let lead = a.words[Int(places[first])]
        let follower = a.words[Int(places[last - tail + 1])]
        guard let leadThere = pairing.partner(of: Int(places[first])).map({ b.words[$0] }),
            let followerThere = pairing.partner(of: Int(places[last - tail + 1])).map({ b.words[$0] })
        else { return false }
        // The order of alternatives does not matter, and a passive voice brings a preposition.
        if follower.role == .also || leadThere.role == .also { return false }
        guard lead.role == followerThere.role, follower.role == leadThere.role else { return false }
        if head + tail < length { return left <= 1 }
        return a.frame == b.frame && left == 0
    }
}

extension TraitWord {
    /// Counts for its pole only, and so has no place.
    var isCaseless: Bool { kind == .pronoun }
}

extension TraitRole {
    /// Whether it matters which of two words follows the preposition.
    var isDirected: Bool {
        switch self {
        case .none, .also, .about: false
        default: true
        }
    }
}
