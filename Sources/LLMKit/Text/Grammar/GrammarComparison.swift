/// What the function words of two texts object to.
struct GrammarComparison {
    private let a: GrammarMarks
    private let b: GrammarMarks
    private let onlyA: GrammarMarks
    private let onlyB: GrammarMarks
    /// How many content words have no match.
    private let left: Int
    private let asksSame: Bool
    private(set) var conflicts: MatchGuards = []

    /// - Parameters:
    ///   - left: how many words that carry meaning have no match.
    ///   - asksSame: whether the question words are the same.
    init(_ a: GrammarMarks, _ b: GrammarMarks, left: Int, asksSame: Bool) {
        self.a = a
        self.b = b
        self.left = left
        self.asksSame = asksSame
        onlyA = a.subtracting(b)
        onlyB = b.subtracting(a)
        // In texts that share little, a function word more or less says nothing.
        guard a != b, left <= Self.mostLeft else { return }
        judgeModality()
        judgePairs()
        judgeOmissions()
        judgePersons()
    }

    private static let mostLeft = 4

    private func exchanges(_ one: GrammarMark, _ other: GrammarMark) -> Bool {
        onlyA.contains(one) && onlyB.contains(other) || onlyA.contains(other) && onlyB.contains(one)
    }

    /// Whether one text has a mark and the other has not.
    private func lacks(_ mark: GrammarMark) -> Bool { onlyA.contains(mark) || onlyB.contains(mark) }

    private func both(_ mark: GrammarMark) -> Bool { a.contains(mark) && b.contains(mark) }

    private mutating func judgeModality() {
        let isPolar = both(.polar)
        if exchanges(.obligation, .permission) || exchanges(.advice, .permission) { conflicts.insert(.modality) }
        if exchanges(.obligation, .advice), isPolar { conflicts.insert(.modality) }
        if exchanges(.obligation, .future) || exchanges(.advice, .future) { conflicts.insert(.modality) }
        // "Do employers pay" and "do employers have to pay".
        if isPolar, left == 0, lacks(.obligation) || lacks(.advice) { conflicts.insert(.modality) }
        // What one may do, and what one can: "Is it legal", "is it possible".
        if exchanges(.allowed, .able) { conflicts.insert(.modality) }
        if exchanges(.past, .future) { conflicts.insert(.modality) }
        if left == 0, asksSame, exchanges(.past, .present) { conflicts.insert(.modality) }
    }

    private static let pairs: [(MatchGuards, GrammarMark, [GrammarMark])] = [
        (.scope, .all, [.any, .most, .few, .many]), (.scope, .few, [.many, .any, .most]),
        (.scope, .both, [.either, .any]),
        (.scope, .most, [.any]), (.scope, .only, [.even, .including]), (.scope, .except, [.including]),
        (.scope, .atLeast, [.atMost, .lessThan, .moreThan]), (.scope, .atMost, [.moreThan, .lessThan]),
        (.scope, .moreThan, [.lessThan]), (.scope, .than, [.asMuch]), (.scope, .if, [.unless, .although, .isCaused]),
        (.scope, .although, [.isCaused]),
        (.scope, .unless, [.isCaused, .although]), (.scope, .instead, [.and, .or]), (.scope, .almost, [.fully]),
        (.reversal, .before, [.during, .after, .until]), (.reversal, .during, [.after, .until]),
        (.reversal, .after, [.until]), (.reversal, .into, [.out]), (.reversal, .toward, [.away]),
        (.reversal, .above, [.below, .beside, .front, .behind, .inside]),
        (.reversal, .below, [.beside, .front, .behind, .inside]),
        (.reversal, .front, [.behind, .beside, .inside]), (.reversal, .behind, [.beside, .inside]),
        (.reversal, .through, [.around]), (.reversal, .inside, [.outside, .beside]), (.reversal, .between, [.except]),
        (.persons, .my, [.our]), (.persons, .i, [.they]), (.persons, .we, [.they]),
    ]

    private mutating func judgePairs() {
        for (conflict, one, others) in Self.pairs where lacks(one) {
            for other in others where exchanges(one, other) { conflicts.insert(conflict) }
        }
        if left == 0, exchanges(.whoDoes, .whomDone) { conflicts.insert(.reversal) }
        if left == 0, exchanges(.and, .or) { conflicts.insert(.scope) }
    }

    private static let omissions: [GrammarMark] = [.only, .except, .all, .unless, .almost, .too, .atLeast, .atMost]

    /// These tell only between texts that are the same otherwise.
    private static let narrowing: [GrammarMark] = [.until, .during, .outside, .behind, .below, .above, .front, .even]

    private mutating func judgeOmissions() {
        guard left <= 2 else { return }
        for mark in Self.omissions where lacks(mark) { conflicts.insert(.scope) }
        if left <= 1 {
            for mark in Self.narrowing where lacks(mark) { conflicts.insert(.scope) }
        }
        if lacks(.moreThan) || lacks(.lessThan) { conflicts.insert(.scope) }
    }

    private mutating func judgePersons() {
        if lacks(.he) || lacks(.she) || lacks(.their) { conflicts.insert(.persons) }
        if left <= 1, lacks(.others) { conflicts.insert(.persons) }
        // "Does my wife need one", "do I need one".
        if left == 1, exchanges(.my, .i) { conflicts.insert(.persons) }
        // "Can you see my screen", "can I see your screen"; but "I … my" and "you … your" are anybody.
        if exchanges(.my, .your), exchanges(.i, .you), onlyA.contains(.my) == onlyA.contains(.you) {
            conflicts.insert(.persons)
        }
        // "What is my number", "what is your number"; but "how do you find your number" is anybody's.
        if exchanges(.my, .your), !onlyA.contains(.you), !onlyB.contains(.you) { conflicts.insert(.persons) }
    }
}
