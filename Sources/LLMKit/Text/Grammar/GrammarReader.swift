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
        asksWho()
        while place < tokens.count {
            guard tokens[place].kind == .word else {
                if tokens[place].kind == .stop || tokens[place].kind == .pause { isOpening = true }
                place += 1
                continue
            }
            let letters = tokens[place].letters
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
            if case .mark(let mark) = meaning, mark == .causes || mark == .isCaused {
                causes += 1
                // "Because it rains, …": where the effect begins is not told.
                cause = causes == 1 && !isOpening ? (place, mark == .causes) : nil
            }
            if case .mark(let mark) = meaning, let mark = reading(mark, at: place, count) {
                let isAuxiliary = Self.auxiliaries.contains(letters)
                if isOpening, isAuxiliary { marks.insert(.polar) }
                if Self.tenses.contains(mark) {
                    if !hasTense { marks.insert(mark) }
                    hasTense = true
                } else {
                    marks.insert(mark)
                }
            }
            isOpening = false
            place += count
        }
    }

    /// "Who betrayed Brutus?" and "Who did Brutus betray?".
    private mutating func asksWho() {
        guard let first = tokens.firstIndex(where: { $0.kind == .word && $0.entry?.meaning != .polite }),
            Self.who.contains(tokens[first].letters), first + 2 < tokens.count, tokens[first + 1].kind == .word
        else { return }
        if Self.does.contains(tokens[first + 1].letters) {
            if tokens[first + 2].entry?.meaning != .pronoun { marks.insert(.whomDone) }
        } else if tokens[first + 1].entry?.meaning ?? .unknown == .unknown || tokens[first + 1].entry?.meaning == .plain
        {
            marks.insert(.whoDoes)
        }
    }

    /// "How can I", "how should I", "how do you": the auxiliary says nothing there.
    private mutating func howPhrase(_ place: inout Int) {
        marks.insert(.how)
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

    private static let who = ["who", "whom", "what"].map { Letters($0) }
    private static let does = ["do", "does", "did"].map { Letters($0) }
    private static let persons = [Letters("i")]
    private static let perfect = ["have", "has"].map { Letters($0) }
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
