/// Which word of one text stands for which of the other.
struct WordPairing {
    let a: [TraitWord]
    let b: [TraitWord]
    /// For each word of `a` the place of its match in `b`, then the same for `b`; -1 for none.
    private let places: UnsafeMutableBufferPointer<Int16>
    /// Pairs of words that carry meaning.
    private(set) var matched = 0
    /// Pairs of opposites.
    private(set) var flips = 0

    init(_ a: [TraitWord], _ b: [TraitWord], _ places: UnsafeMutableBufferPointer<Int16>) {
        self.a = a
        self.b = b
        self.places = places
    }

    func isPaired(a place: Int) -> Bool { places[place] >= 0 }
    func isPaired(b place: Int) -> Bool { places[a.count + place] >= 0 }

    /// Where the word at a place of `a` is in `b`.
    func partner(of place: Int) -> Int? { places[place] >= 0 ? Int(places[place]) : nil }

    mutating func pair() {
        pairEqual()
        guard matched < max(a.count, b.count) else { return }
        pairAkin()
        pairRelated()
        pairCompounds()
    }

    /// Pairs words of the same meaning.
    mutating func pairEqual() {
        var persons = false
        for (i, word) in a.enumerated() {
            for (j, other) in b.enumerated() where word.concept == other.concept && places[a.count + j] < 0 {
                guard word.pole == other.pole else {
                    persons = persons || word.isPerson
                    continue
                }
                link(i, j)
                if word.kind.isShared { matched += 1 }
                break
            }
        }
        if persons { pairPersons() }
    }

    /// "I" with "me", where neither has its like.
    private mutating func pairPersons() {
        for (i, word) in a.enumerated() where word.isPerson && places[i] < 0 {
            for (j, other) in b.enumerated() where word.concept == other.concept && places[a.count + j] < 0 {
                link(i, j)
                break
            }
        }
    }

    /// Pairs opposites, then words that are akin by their letters.
    private mutating func pairAkin() {
        for (i, word) in a.enumerated() where places[i] < 0 {
            for (j, other) in b.enumerated() where places[a.count + j] < 0 {
                if word.concept == other.concept, word.pole != 0 {
                    link(i, j)
                    flips += 1
                    break
                }
                guard word.kind.isContent, other.kind.isContent else { continue }
                switch word.kinship(to: other) {
                case .none: continue
                case .same: matched += 1
                case .opposite: flips += 1
                }
                link(i, j)
                break
            }
        }
    }

    /// Pairs words that a thesaurus takes for each other.
    private mutating func pairRelated() {
        for (i, word) in a.enumerated() where places[i] < 0 && word.kind.mayStandForAnother {
            for (j, other) in b.enumerated() where places[a.count + j] < 0 && other.kind.mayStandForAnother {
                guard word.kind.isContent || other.kind.isContent, Thesaurus.shared.relates(word, other) else {
                    continue
                }
                link(i, j)
                if word.kind.isContent, other.kind.isContent { matched += 1 }
                break
            }
        }
    }

    /// Pairs "carpark" with "car park": both parts of the longer one count as paired.
    private mutating func pairCompounds() {
        for (i, word) in a.enumerated() where places[i] < 0 && word.kind.isContent {
            for j in b.indices.dropLast() where places[a.count + j] < 0 && places[a.count + j + 1] < 0 {
                guard word.isCompound(of: b[j], b[j + 1]) else { continue }
                link(i, j)
                places[a.count + j + 1] = Int16(truncatingIfNeeded: i)
                matched += 1
                break
            }
        }
        for (j, word) in b.enumerated() where places[a.count + j] < 0 && word.kind.isContent {
            for i in a.indices.dropLast() where places[i] < 0 && places[i + 1] < 0 {
                guard word.isCompound(of: a[i], a[i + 1]) else { continue }
                link(i, j)
                places[i + 1] = Int16(truncatingIfNeeded: j)
                matched += 1
                break
            }
        }
    }

    private func link(_ i: Int, _ j: Int) {
        places[i] = Int16(truncatingIfNeeded: j)
        places[a.count + j] = Int16(truncatingIfNeeded: i)
    }
}

extension TraitWord {
    /// Whether two words written as one give this one.
    fileprivate func isCompound(of first: TraitWord, _ second: TraitWord) -> Bool {
        guard first.letters != 0, second.letters != 0, letters != 0 else { return false }
        let tail = TraitWord.length(second.letters)
        // Stems end without an e, and with an i for a y: "play ground", "fire place".
        let stem = first.letters
        let heads = [stem, stem << 5 | 5, stem & 31 == 9 ? stem & ~31 | 25 : stem]
        return heads.contains {
            TraitWord.length($0) + tail <= 12 && letters == $0 << UInt64(5 * tail) | second.letters
        }
    }

    /// A pronoun, whose pole is its case.
    var isPerson: Bool { kind == .pronoun && !flags.contains(.weak) }
}

extension TraitWord.Kind {
    var isContent: Bool { self == .plain || self == .name || self == .mild }
    var mayStandForAnother: Bool { isContent || self == .light }
    /// Whether it counts for what two texts share, and for the order.
    var isShared: Bool { self != .pronoun && self != .light }
}
