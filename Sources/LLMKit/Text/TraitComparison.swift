/// Pairs the words of two texts and says what is left over.
struct TraitComparison {
    private(set) var conflicts: MatchGuards = []
    /// What the rules are made of; kept for tuning.
    private(set) var tally = Tally()

    /// Words of one text that have no match in the other.
    struct Rest {
        var numbers = 0
        var weakNumbers = 0
        var calendar = 0
        var units = 0
        var weakUnits = 0
        var dates = 0
        /// Names from the tables.
        var names = 0
        /// These, and what is written with a capital.
        var capitals = 0
        /// Other words that stand in no table.
        var unknown = 0
        var plain = 0
        var light = 0
        /// Of a meaning that may go unsaid.
        var mild = 0
        var content: Int { names + plain }
        var all: Int { names + plain + numbers + weakNumbers + calendar + units + weakUnits + dates }
    }

    struct Tally {
        var a = Rest()
        var b = Rest()
        var matched = 0
        var flips = 0
        var order = WordOrder.same
        /// Words that one text adds to a phrase of the other.
        var insertions = 0
        /// Words of which one text asks for a part: "my watch", "the screen of my watch".
        var parts = 0
    }

    /// Up to so many words that carry meaning.
    private static let shortText = 8

    init(_ a: TextTraits, _ b: TextTraits) {
        if a.language.excludes(b.language) { conflicts.insert(.languages) }
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: a.words.count + b.words.count + 1) { space in
            space.initialize(repeating: -1)
            var pairing = WordPairing(a.words, b.words, space)
            pairing.pair()
            tally.flips = pairing.flips
            tally.matched = pairing.matched
            for (place, word) in a.words.enumerated() where !pairing.isPaired(a: place) { tally.a.count(word) }
            for (place, word) in b.words.enumerated() where !pairing.isPaired(b: place) { tally.b.count(word) }
            // Long texts are put in other words at more places than one, and each place has its own prepositions.
            let isShort = max(a.words.count, b.words.count) <= Self.shortText
            if isShort || a.frame == b.frame {
                if exchangesRoles(pairing) { conflicts.insert(.reversal) }
                tally.insertions = insertions(a, b, pairing)
                // "How big is the boot", "what is the size of the boot".
                if (a.questions ^ b.questions) & Self.measures == 0 { tally.parts = parts(pairing) }
            }
            tally.order = WordOrder(a, b, pairing, left: tally.a.all + tally.b.all)
        }
        judge(a, b)
    }

    private mutating func judge(_ a: TextTraits, _ b: TextTraits) {
        let restA = tally.a
        let restB = tally.b
        if a.remainder != b.remainder { conflicts.insert(.substitution) }
        // In long paraphrases a "not" comes and goes: "it is still pending", "it has not gone through".
        let isDenied = (a.negations > 0) != (b.negations > 0) && restA.content + restB.content <= 2
        if (tally.flips % 2 == 1) != isDenied || tally.flips > 1 { conflicts.insert(.negation) }
        if exchangesParticles(a, b) { conflicts.insert(.negation) }
        judgeNumbers(restA, restB)
        if restA.units > 0 && restB.units > 0 { conflicts.insert(.units) }
        if restA.weakUnits + restA.units > 0, restB.weakUnits + restB.units > 0, restA.content + restB.content == 0 {
            conflicts.insert(.units)
        }
        if restA.dates > 0 && restB.dates > 0 { conflicts.insert(.dates) }
        // The same question, narrowed to a time: «What does a berth cost?», «What does a berth cost in July?».
        if restA.dates + restB.dates > 0, restA.content + restB.content == 0 { conflicts.insert(.dates) }
        judgeQuestions(a, b)
        if restA.all + restB.all == 0 { judgeSame(a, b) }
        conflicts.formUnion(a.symbols.conflicts(with: b.symbols))
        if tally.insertions > 0 || tally.parts > 0 { conflicts.insert(.modifiers) }
        if tally.order == .reversed { conflicts.insert(.reversal) }
        conflicts.formUnion(
            GrammarComparison(a.grammar, b.grammar, left: restA.all + restB.all, asksSame: a.questions == b.questions)
                .conflicts
        )
        judgeContent(restA, restB, sameFrame: a.frame == b.frame)
    }

    private mutating func judgeQuestions(_ a: TextTraits, _ b: TextTraits) {
        guard a.questions != 0, b.questions != 0, a.questions & b.questions == 0 else { return }
        // "Where is it?", "how do I find it?"; but "how long does it take?", "how much does it cost?".
        let mayAdd = (a.questions | b.questions) & Self.how == 0 && min(tally.a.content, tally.b.content) == 0
        if tally.a.content + tally.b.content <= (mayAdd ? 1 : 0) { conflicts.insert(.substitution) }
    }

    /// The bit of "how".
    private static let how: UInt16 = 1 << 4

    /// Two texts that say the same words may still not say the same.
    private mutating func judgeSame(_ a: TextTraits, _ b: TextTraits) {
        if a.focus != 0, b.focus != 0, a.focus != b.focus { conflicts.insert(.scope) }
        if asksOfAnother(a, b) { conflicts.insert(.persons) }
        // "What is a referral?", "who gives a referral?", "why a referral?".
        let asked = (a.questions ^ b.questions) & Self.decisive
        if tally.a.mild + tally.b.mild == 0, asked != 0, a.questions == 0 || b.questions == 0 {
            conflicts.insert(.substitution)
        }
    }

    /// The bits of questions for a measure.
    private static let measures: UInt16 = 0b11_1111_1110_0000
    /// The bits of "who" at the beginning, and of "why".
    private static let decisive: UInt16 = 1 << 15 | 1 << 3

    /// Whether two yes-or-no questions ask about two persons: "Can my wife open my post?", "can I open my wife's post?". "Can I"
    /// and "can you" are anybody, and "can I travel with my dog" and "can my dog travel" go together.
    private func asksOfAnother(_ a: TextTraits, _ b: TextTraits) -> Bool {
        guard a.subject != 0, b.subject != 0, a.subject != b.subject,
            !Self.anybody.contains(a.subject) || !Self.anybody.contains(b.subject)
        else { return false }
        func accompanies(_ subject: UInt32, in text: TextTraits) -> Bool {
            text.words.contains { $0.concept == subject && $0.kind.isShared && $0.role == .with }
        }
        return !accompanies(a.subject, in: b) && !accompanies(b.subject, in: a)
    }

    private static let anybody = ["i", "you"].map { Lexicon.concept(of: $0) }

    private mutating func judgeContent(_ a: Rest, _ b: Rest, sameFrame: Bool) {
        if a.content > 0, b.content > 0 {
            let isShort = a.content <= 3 && b.content <= 3
            if a.capitals > 0, b.capitals > 0, a.names + b.names > 0 || isShort { conflicts.insert(.entities) }
            if a.unknown > 0, b.unknown > 0, a.content == 1, b.content == 1 { conflicts.insert(.entities) }
        }
        // The same sentence, with something else in one place or two.
        let isExchange = a.content + b.content > 0 || a.mild > 0 && b.mild > 0
        if sameFrame, a.all + a.light + a.mild > 0, b.all + b.light + b.mild > 0, isExchange,
            a.content + a.light + a.mild <= 3, b.content + b.light + b.mild <= 3, conflicts.isEmpty
        {
            conflicts.insert(a.capitals + a.unknown + b.capitals + b.unknown > 0 ? .entities : .substitution)
        }
    }

    private mutating func judgeNumbers(_ a: Rest, _ b: Rest) {
        let firmA = a.numbers + a.calendar
        let firmB = b.numbers + b.calendar
        if firmA > 0 && firmB + b.weakNumbers > 0 || firmB > 0 && firmA + a.weakNumbers > 0
            || a.weakNumbers > 0 && b.weakNumbers > 0
        {
            conflicts.insert(a.calendar > 0 && b.calendar > 0 ? .dates : .numbers)
        } else if a.numbers > 0 || b.numbers > 0 {
            conflicts.insert(.numbers)
        }
    }

    private func exchangesParticles(_ a: TextTraits, _ b: TextTraits) -> Bool {
        let added = b.particles & ~a.particles
        let removed = a.particles & ~b.particles
        // Neighbouring bits belong together.
        let plain: UInt16 = 0x5555
        return (added & plain) & (removed >> 1 & plain) != 0 || (removed & plain) & (added >> 1 & plain) != 0
    }

    /// Whether a word that both texts have is a cause in one and an effect in the other, or goes with another preposition.
    private func exchangesRoles(_ pairing: WordPairing) -> Bool {
        for (place, word) in pairing.a.enumerated() where word.kind.isShared {
            guard let partner = pairing.partner(of: place).map({ pairing.b[$0] }) else { continue }
            if word.flags.contains(.cause), partner.flags.contains(.effect) { return true }
            if word.flags.contains(.effect), partner.flags.contains(.cause) { return true }
            if word.role.contradicts(partner.role) { return true }
        }
        return false
    }

    /// How many words with a meaning of their own one text has where the other has nothing.
    private func insertions(_ a: TextTraits, _ b: TextTraits, _ pairing: WordPairing) -> Int {
        guard tally.a.content == 0 || tally.b.content == 0, a.language.mayBeEnglish, b.language.mayBeEnglish else {
            return 0
        }
        let sameFrame = a.frame == b.frame
        // "Get wine out of a carpet", "remove wine from a carpet": something else said it there.
        if !sameFrame, (tally.a.content == 0 ? tally.a : tally.b).light > 0 { return 0 }
        let inA = pairing.a.indices.count { !pairing.isPaired(a: $0) && pairing.a.narrows($0, sameFrame) }
        return inA + pairing.b.indices.count { !pairing.isPaired(b: $0) && pairing.b.narrows($0, sameFrame) }
    }

    /// How many words that stand alone in one text belong to another word in the other, which only that text has.
    private func parts(_ pairing: WordPairing) -> Int {
        guard (tally.a.content == 0) != (tally.b.content == 0) else { return 0 }
        let isInB = tally.a.content == 0
        return pairing.a.indices.count { place in
            guard pairing.a[place].kind.isContent, let partner = pairing.partner(of: place) else { return false }
            let (whole, part) = isInB ? (pairing.a[place], pairing.b[partner]) : (pairing.b[partner], pairing.a[place])
            guard whole.role == .none, [.of, .at, .from].contains(part.role) else { return false }
            let (words, here) = isInB ? (pairing.b, partner) : (pairing.a, place)
            // The word right before the phrase with the preposition.
            var head = here
            while head > 0, !words[head].flags.contains(.opens) { head -= 1 }
            guard head > 0, words[head - 1].kind == .plain, !Self.aspects.contains(words[head - 1].concept) else {
                return false
            }
            return isInB ? !pairing.isPaired(b: head - 1) : !pairing.isPaired(a: head - 1)
        }
    }

    /// What is asked for anyway, named: "what is pi?", "what is the value of pi?".
    private static let aspects: Set<UInt32> = Set(
        ["function", "purpose", "role", "point", "use", "value", "meaning", "definition", "concept", "idea", "number"]
            .flatMap { word in
                let stem = Lexicon.concept(of: Letters(word).stem.key)
                return [Lexicon.shared[Letters(word).key]?.concept ?? stem, stem]
            }
    )

    static func overlap(_ a: TextTraits, _ b: TextTraits) -> Double {
        let first = a.words.reduce(0) { $0 + ($1.kind.isShared ? 1 : 0) }
        let second = b.words.reduce(0) { $0 + ($1.kind.isShared ? 1 : 0) }
        if first == 0 || second == 0 { return first == second && a.frame == b.frame ? 1 : 0 }
        let shared = withUnsafeTemporaryAllocation(of: Int16.self, capacity: a.words.count + b.words.count + 1) {
            space in
            space.initialize(repeating: -1)
            var pairing = WordPairing(a.words, b.words, space)
            pairing.pairEqual()
            return pairing.matched
        }
        return Double(shared) / Double(first + second - shared)
    }
}

extension TraitRole {
    /// Whether something that goes with the one preposition is another thing with the other: a gift for her, a gift from her.
    fileprivate func contradicts(_ other: TraitRole) -> Bool {
        switch (self, other) {
        case (.from, .to), (.to, .from), (.from, .for), (.for, .from), (.about, .for), (.for, .about), (.by, .about),
            (.about, .by), (.as, .with), (.with, .as),
            (.for, .against), (.against, .for), (.with, .against), (.against, .with), (.by, .for), (.for, .by),
            (.by, .to), (.to, .by):
            true
        default: false
        }
    }
}

extension TraitWord {
    fileprivate var mayBeName: Bool {
        kind == .name || kind == .plain && (flags.contains(.capital) || !flags.contains(.known))
    }
}

extension [TraitWord] {
    /// Whether a question with the word at a place more is another question: where it goes right before or after a word that
    /// both have, or with a preposition of its own. Elsewhere it is rather another way to put it: "the steps to change a tire".
    fileprivate func narrows(_ place: Int, _ sameFrame: Bool) -> Bool {
        let word = self[place]
        guard word.kind.isContent, word.kind != .mild else { return false }
        if word.role != .none, word.role != .also, word.role != .to { return true }
        // A longer name of the same: «Einstein», «Albert Einstein».
        let next = place + 1 < count && !self[place + 1].flags.contains(.opens) ? self[place + 1] : nil
        if word.mayBeName, next?.mayBeName == true { return false }
        // «Georgetown», «Georgetown, Guyana».
        if word.kind == .name || word.flags.contains(.capital) {
            if word.flags.contains(.opens) || place > 0 && self[place - 1].kind == .number { return true }
        }
        if !word.flags.contains(.opens), place > 0, self[place - 1].kind.isContent {
            if word.mayBeName, self[place - 1].mayBeName { return false }
            if sameFrame { return true }
        }
        return next?.kind.isContent == true
    }
}

extension TraitComparison.Rest {
    mutating func count(_ word: TraitWord) {
        switch word.kind {
        case .number:
            if word.flags.contains(.weak) {
                weakNumbers += 1
            } else if word.flags.contains(.calendar) {
                calendar += 1
            } else {
                numbers += 1
            }
        case .date: dates += 1
        case .unit: if word.flags.contains(.weak) { weakUnits += 1 } else { units += 1 }
        case .name:
            names += 1
            capitals += 1
        case .plain:
            plain += 1
            if word.flags.contains(.capital) {
                capitals += 1
            } else if !word.flags.contains(.known) {
                unknown += 1
            }
        case .light: light += 1
        case .mild: mild += 1
        case .pronoun: break
        }
    }
}
