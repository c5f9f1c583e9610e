/// Reads the marks of function words from a text's tokens.
struct GrammarReader {
    private let tokens: ContiguousArray<TextToken>
    private(set) var marks = GrammarMarks()
    /// The place of the token that tells a cause from its effect, and whether the cause goes before; `nil` if there is none, or
    /// more than one.
    private(set) var cause: (place: Int, goesBefore: Bool)?

    init(_ tokens: ContiguousArray<TextToken>) {
        self.tokens = tokens
        read()
    }

    private mutating func read() {
        let lexicon = GrammarLexicon.shared
        var place = 0
        var isOpening = true
        var hasTense = false
        var causes = 0
        var divides = Divides()
        readAskedRole()
        while place < tokens.count {
            guard tokens[place].kind == .word else {
                if tokens[place].kind == .stop || tokens[place].kind == .pause { isOpening = true }
                place += 1
                continue
            }
            let letters = tokens[place].letters
            if let divide = divides.read(letters, at: place), causes == 0 { cause = (divide, true) }
            if letters == Self.but, isExcepting(place) { marks.insert(.except) }
            guard let (meaning, count) = lexicon.phrase(in: tokens, at: place) else {
                if isOpening, letters == Self.how { howPhrase(&place) }
                // "Have I paid?"
                if isOpening, !hasTense, Self.perfect.contains(letters) {
                    marks.insert(.past)
                    hasTense = true
                }
                if tokens[min(place, tokens.count - 1)].entry?.meaning != .polite { isOpening = false }
                place += 1
                continue
            }
            if case .nothing = meaning, !isOpening, Self.persons.contains(letters) {
                // "I need to" begins a request, and asks for leave or duty elsewhere.
                marks.insert(.i)
                place += 1
                continue
            }
            if case .mark(let mark) = meaning, [.causes, .isCaused, .sequence].contains(mark) {
                causes += 1
                // "Because it rains, …": where the effect begins is not told.
                let isInside = !isOpening || mark == .sequence && place > 0
                cause = causes == 1 && isInside ? (place, mark != .isCaused) : nil
            }
            if case .mark(let mark) = meaning, let mark = reading(mark, at: place, count) {
                let isAuxiliary = Self.auxiliaries.contains(letters)
                if isOpening, isAuxiliary { marks.insert(.polar) }
                if Self.tenses.contains(mark) {
                    if !hasTense { marks.insert(mark) }
                    hasTense = true
                } else {
                    marks.insert(mark)
                    if mark == .allowed || mark == .able { marks.insert(.permission) }
                }
            }
            isOpening = false
            place += count
        }
    }

    /// "All files but the logs": it follows on what is all there is.
    private func isExcepting(_ place: Int) -> Bool {
        for before in stride(from: place - 1, through: max(0, place - 4), by: -1) {
            guard tokens[before].kind == .word else { return false }
            if Self.wholes.contains(tokens[before].letters) { return true }
        }
        return false
    }

    /// Who does it, or to whom it is done: "Who betrayed Brutus?" and "Who did Brutus betray?", "Which packages depend on
    /// it?" and "Which packages does it depend on?".
    private mutating func readAskedRole() {
        guard let first = tokens.firstIndex(where: { $0.kind == .word && $0.entry?.meaning != .polite }),
            first + 2 < tokens.count
        else { return }
        let (asked, next) = (tokens[first].letters, tokens[first + 1])
        let isDone = next.kind == .word && Self.does.contains(next.letters)
        if next.kind == .word, asked == Self.what ? isDone : Self.who.contains(asked) {
            if isDone {
                if tokens[first + 2].entry?.meaning != .pronoun { marks.insert(.whomDone) }
            } else if [.unknown, .plain].contains(next.entry?.meaning ?? .unknown) {
                marks.insert(.whoDoes)
            }
            return
        }
        guard asked == Self.which || asked == Self.what, first + 4 < tokens.count,
            [.unknown, .plain, .mild, .name, .light].contains(next.entry?.meaning ?? .plain)
        else { return }
        for place in first + 1...first + 3 where tokens[place].kind == .word {
            if place > first + 1, Self.does.contains(tokens[place].letters) {
                let next = tokens[place + 1].entry?.meaning
                if next != .pronoun, !tokens[place].isNegated { marks.insert(.whomDone) }
                return
            }
            if Self.auxiliaries.contains(tokens[place].letters) { return }
        }
        marks.insert(.whoDoes)
    }

    /// "How can I", "how should I", "how do you": the auxiliary says nothing there.
    private mutating func howPhrase(_ place: inout Int) {
        let next = place + 1
        guard next < tokens.count, tokens[next].kind == .word, tokens[next].letters != Self.must else { return }
        if Self.auxiliaries.contains(tokens[next].letters), tokens[next].letters != Self.did { place = next }
    }

    /// What a word says where it stands; `nil` if nothing.
    private func reading(_ mark: GrammarMark, at place: Int, _ count: Int) -> GrammarMark? {
        let next = place + count < tokens.count ? tokens[place + count] : TextToken(kind: .stop)
        switch mark {
        case .too, .either:
            // "Me too.", "nor me either": an addition, no degree.
            return next.kind == .word ? mark : nil
        case .below where next.kind == .number || next.entry?.meaning == .number: return .lessThan
        case .above where next.kind == .number: return .moreThan
        case .moreThan, .lessThan, .atLeast, .atMost: return mark
        // "Within 30 days", "inside the fence".
        case .inside where next.kind == .number || next.entry?.meaning == .number: return .during
        case .around where next.kind == .number: return nil
        case .any:
            return mark
        case .all:
            // "all day", "every Monday".
            let meaning = next.entry?.meaning
            return meaning == .span || meaning == .date ? nil : mark
        case .only where place == 0: return mark
        default: return mark
        }
    }

    private static let who = ["who", "whom"].map { Letters($0) }
    private static let does = ["do", "does", "did"].map { Letters($0) }
    private static let persons = [Letters("i")]
    private static let perfect = ["have", "has"].map { Letters($0) }
    private static let which = Letters("which")
    private static let what = Letters("what")
    private static let but = Letters("but")
    private static let wholes = [
        "all", "every", "each", "any", "everything", "everyone", "everybody", "anything", "anyone", "nothing", "nobody",
    ].map { Letters($0) }
    private static let how = Letters("how")
    private static let must = Letters("must")
    private static let did = Letters("did")
    private static let tenses: [GrammarMark] = [.past, .present, .future]
    private static let auxiliaries = Set(
        [
            "can", "could", "may", "might", "must", "shall", "should", "will", "would", "do", "does", "did", "is",
            "are",
            "am", "was", "were", "has", "have", "had", "to",
        ].map { Letters($0) }
    )
}

/// Finds where the second step begins in "the acid first and the water later".
private struct Divides {
    private var hasFirst = false
    private var join: Int?

    /// - Returns: where it begins, once the word is read that tells.
    mutating func read(_ letters: Letters, at place: Int) -> Int? {
        if letters == Self.first {
            hasFirst = true
        } else if hasFirst, Self.joins.contains(letters), join == nil {
            join = place
        } else if hasFirst, Self.later.contains(letters) {
            return join
        }
        return nil
    }

    private static let first = Letters("first")
    private static let joins = ["and", "but", "or"].map { Letters($0) }
    private static let later = ["later", "second", "last", "afterwards", "afterward", "next"].map { Letters($0) }
}
