/// Whether the words that two texts share stand in swapped roles.
enum WordOrder {
    case same
    /// Moved, as clauses may be.
    case moved
    case reversed

    /// - Parameter left: How many words have no match.
    init(_ a: TextTraits, _ b: TextTraits, _ pairing: WordPairing, left: Int) {
        let sameFrame = a.frame == b.frame
        if left <= 2, Self.swapsRoles(pairing, sameFrame: sameFrame) {
            self = .reversed
            return
        }
        var previous = -1
        self = .same
        for place in a.words.indices where a.words[place].kind.isShared {
            guard let partner = pairing.partner(of: place) else { continue }
            if partner < previous { self = .moved }
            previous = max(previous, partner)
        }
        if left == 0, Self.swapsPersons(pairing) {
            self = .reversed
        } else if self == .moved, left <= 2, Self.isReversed(a, b, pairing, sameFrame: sameFrame) {
            self = .reversed
        }
    }

    /// "from A to B" and "from B to A": two words that exchange their prepositions.
    private static func swapsRoles(_ pairing: WordPairing, sameFrame: Bool) -> Bool {
        for (place, word) in pairing.a.enumerated() where word.kind.isShared {
            guard let partner = pairing.partner(of: place) else { continue }
            let role = pairing.b[partner].role
            guard role != word.role, role.opposes(word.role, sameFrame: sameFrame) else { continue }
            for next in pairing.a.indices.dropFirst(place + 1) where pairing.a[next].role == role {
                guard pairing.a[next].kind.isShared, let other = pairing.partner(of: next) else { continue }
                if pairing.b[other].role == word.role { return true }
            }
        }
        return false
    }

    /// "Can I sue my landlord?" and "Can my landlord sue me?": who did something now suffers it.
    private static func swapsPersons(_ pairing: WordPairing) -> Bool {
        var turned = 0
        var isMoved = false
        var previous = -1
        for (place, word) in pairing.a.enumerated() where word.isPerson {
            guard let partner = pairing.partner(of: place) else { continue }
            if partner < previous { isMoved = true }
            previous = max(previous, partner)
            guard word.pole != pairing.b[partner].pole else { continue }
            turned += 1
            let before = pairing.a[..<place].count { $0.kind.isShared }
            let beforeThere = pairing.b[..<partner].count { $0.kind.isShared }
            if before != beforeThere { isMoved = true }
        }
        return turned > 1 || turned == 1 && isMoved
    }

    private static func isReversed(
        _ a: TextTraits,
        _ b: TextTraits,
        _ pairing: WordPairing,
        sameFrame: Bool
    ) -> Bool {
        let count = a.words.count
        return withUnsafeTemporaryAllocation(of: Int16.self, capacity: 2 * count) { space in
            // The shared words in the order of `a`: where they are, and their ranks in `b`.
            var shared = 0
            for place in 0..<count where a.words[place].kind.isShared && pairing.isPaired(a: place) {
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
            if shared > 3, (0..<shared).allSatisfy({ Int(ranks[$0]) == shared - 1 - $0 }) { return true }
            return sameFrame && exchangesBlocks(pairing, places: places, ranks: ranks)
        }
    }

    /// X M Y became Y M X, in a sentence that is the same otherwise.
    private static func exchangesBlocks(
        _ pairing: WordPairing,
        places: UnsafeBufferPointer<Int16>,
        ranks: UnsafeBufferPointer<Int16>
    ) -> Bool {
        guard let first = ranks.indices.first(where: { ranks[$0] != $0 }),
            let last = ranks.indices.last(where: { ranks[$0] != $0 })
        else { return false }
        let length = last - first + 1
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
        let follower = Int(places[last - tail + 1])
        guard let leadThere = pairing.partner(of: Int(places[first])), let followerThere = pairing.partner(of: follower)
        else { return false }
        let lead = pairing.a[Int(places[first])]
        // The order of alternatives does not matter, and a passive voice brings a preposition.
        if pairing.a[follower].role == .also || pairing.b[leadThere].role == .also { return false }
        guard lead.role == pairing.b[followerThere].role, pairing.a[follower].role == pairing.b[leadThere].role else {
            return false
        }
        if head + tail < length { return true }
        // "leads online" and "online leads" are the same, "a tomato a fruit" is not.
        return pairing.a.isApart(follower) && pairing.b.isApart(leadThere)
    }
}

extension [TraitWord] {
    /// Whether the word at a place does not follow right on another one.
    fileprivate func isApart(_ place: Int) -> Bool {
        self[place].flags.contains(.opens) || place > 0 && self[place - 1].kind == .light
    }
}

extension TraitRole {
    /// Whether two words that exchange these prepositions exchange what they are to each other.
    fileprivate func opposes(_ other: TraitRole, sameFrame: Bool) -> Bool {
        guard self != .also, other != .also, self != .about, other != .about else { return false }
        if sameFrame { return true }
        if self == .none || other == .none { return isStrict || other.isStrict }
        return (isStrict || self == .to) && (other.isStrict || other == .to)
    }

    private var isStrict: Bool {
        switch self {
        case .from, .than, .before, .after, .against, .instead: true
        default: false
        }
    }
}
