/// Gathers the entries of a ``Lexicon``: the first meaning of a word wins, later tables only add what it lacks.
struct LexiconTable {
    private(set) var entries: [UInt64: Lexicon.Entry] = [:]
    private let stopWords = WordList.stopWords

    mutating func addGrammar() {
        for (index, line) in Lexicon.relatives.enumerated() {
            for word in words(line) { add(word, Lexicon.Entry(value: Double(index + 1), meaning: .relative)) }
        }
        for word in words(Lexicon.silentWords) { add(word, Lexicon.Entry(meaning: .function, flags: .silent)) }
        for (index, line) in Lexicon.questions.enumerated() {
            for word in words(line) { add(word, Lexicon.Entry(value: Double(1 << index), meaning: .question)) }
        }
        for (subject, object) in Lexicon.pronouns {
            let concept = Lexicon.concept(of: subject == "u" ? "you" : subject)
            let pole: Int8 = object.isEmpty ? 0 : 1
            add(subject, Lexicon.Entry(concept: concept, meaning: .pronoun, pole: pole))
            if !object.isEmpty { add(object, Lexicon.Entry(concept: concept, meaning: .pronoun, pole: -1)) }
        }
        for word in words(Lexicon.negations) { add(word, Lexicon.Entry(meaning: .negation)) }
        for (role, line) in Lexicon.roles {
            for word in words(line) { add(word, Lexicon.Entry(meaning: .role, role: role)) }
        }
        for word in words(Lexicon.functionWords) { add(word, Lexicon.Entry(meaning: .function)) }
        for word in words(Lexicon.lightWords) { add(word, Lexicon.Entry(meaning: .light)) }
        for word in words(Lexicon.mildWords) { add(word, Lexicon.Entry(meaning: .mild)) }
        for word in words(Lexicon.foreignNegations) { add(word, Lexicon.Entry(meaning: .negation, flags: .foreign)) }
        for word in words(Lexicon.politeWords) { add(word, Lexicon.Entry(meaning: .polite)) }
        for (index, pair) in Lexicon.particles.enumerated() {
            update(Self.key(of: pair.0)) {
                $0.value = Double(1 << (2 * index))
                $0.flags.insert(.particle)
            }
            update(Self.key(of: pair.1)) {
                $0.value = Double(2 << (2 * index))
                $0.flags.insert(.particle)
            }
        }
        for word in words(Lexicon.hollowAfter) { update(Self.key(of: word)) { $0.flags.insert(.hollowAfter) } }
        for word in words(Lexicon.hollowBefore) { update(Self.key(of: word)) { $0.flags.insert(.hollowBefore) } }
        for (language, line) in stopWords {
            for word in words(line) {
                update(Self.key(of: word)) { entry in
                    entry.languages |= 1 << UInt32(language.rawValue)
                }
            }
        }
    }

    mutating func addQuantities() {
        let counted: [(Lexicon.Meaning, Lexicon.Flags, [(Double, String)])] = [
            (.number, [], Lexicon.numbers), (.number, .weak, Lexicon.weakNumbers), (.scale, [], Lexicon.scales),
            (.ordinal, [], Lexicon.ordinals), (.roman, [], Lexicon.romans),
        ]
        for (meaning, flags, lines) in counted {
            for (value, line) in lines {
                for word in words(line) {
                    add(word, Lexicon.Entry(value: value, meaning: meaning, flags: flags))
                }
            }
        }
        addClasses(WordList.units, as: .unit)
        addClasses(WordList.spans, as: .span)
        addClasses(WordList.dates, as: .date)
    }

    mutating func addContent() {
        for line in WordList.opposites.lines {
            let sides = line.split(separator: "/")
            guard sides.count == 2, let first = sides[0].split(separator: " ").first else { continue }
            let concept = Lexicon.concept(of: String(first)) ^ 0x5555
            for (side, pole) in [(sides[0], Int8(1)), (sides[1], Int8(-1))] {
                for word in words(side) {
                    addForms(of: word, Lexicon.Entry(concept: concept, meaning: .plain, pole: pole))
                }
            }
        }
        addClasses(WordList.synonyms, as: .plain)
        addClasses(WordList.places, as: .name)
        addClasses(WordList.things, as: .name)
        for word in WordList.people.words {
            add(word, Lexicon.Entry(concept: Lexicon.concept(of: word), meaning: .name))
        }
        for word in WordList.commonWords.words { addForms(of: word, Lexicon.Entry(meaning: .plain)) }
        for (_, line) in stopWords {
            for word in words(line) { add(word, Lexicon.Entry(meaning: .function, flags: .foreign)) }
        }
    }

    private mutating func addClasses(_ table: WordList, as meaning: Lexicon.Meaning) {
        for line in table.lines {
            let members = words(line)
            guard let first = members.first else { continue }
            let concept = Lexicon.concept(of: first)
            for word in members { addForms(of: word, Lexicon.Entry(concept: concept, meaning: meaning)) }
        }
    }

    /// Adds a word, and its stem where that is still free.
    private mutating func addForms(of word: String, _ entry: Lexicon.Entry) {
        add(word, entry)
        guard !word.contains("_"), let token = Self.tokens(of: word).first, token.kind == .word else { return }
        let stem = token.letters.stem.key
        if entries[stem]?.meaning ?? .unknown == .unknown { merge(entry, at: stem) }
    }

    private mutating func add(_ word: String, _ entry: Lexicon.Entry) {
        merge(entry, at: Self.key(of: word))
        let parts = word.split(separator: "_")
        if parts.count > 1 { update(Self.key(of: String(parts[0]))) { $0.flags.insert(.startsPhrase) } }
    }

    private mutating func merge(_ entry: Lexicon.Entry, at key: UInt64) {
        update(key) { held in
            if held.meaning == .unknown || held.meaning == .mild && held.concept == 0 {
                let isMild = held.meaning == .mild
                let languages = held.languages
                let flags = held.flags
                held = entry
                held.languages |= languages
                held.flags.formUnion(flags)
                if isMild, held.meaning == .plain { held.meaning = .mild }
            } else if held.pole == 0, entry.pole != 0 {
                // "before" is a preposition, and the opposite of "after" besides.
                held.concept = entry.concept
                held.pole = entry.pole
            } else if held.meaning == .light, held.concept == 0 {
                held.concept = entry.concept
            }
        }
    }

    private mutating func update(_ key: UInt64, _ change: (inout Lexicon.Entry) -> Void) {
        var entry = entries[key] ?? Lexicon.Entry()
        change(&entry)
        entries[key] = entry
    }

    private func words(_ text: some StringProtocol) -> [String] { WordList.words(text) }

    private static func tokens(of word: String) -> [TextToken] {
        var spaced = word.replacing("_", with: " ")
        return spaced.withUTF8 { bytes in
            var scanner = TextScanner(bytes)
            var tokens: [TextToken] = []
            while let token = scanner.next() { tokens.append(token) }
            return tokens
        }
    }

    /// What a word, or a phrase joined by underscores, is looked up by.
    static func key(of word: String) -> UInt64 {
        let tokens = tokens(of: word)
        guard var key = tokens.first?.key else { return 0 }
        for token in tokens.dropFirst() { key = Letters.mix(key, token.key) }
        return key
    }
}

extension TextToken {
    /// What look-up tables know it by.
    var key: UInt64 { kind == .word || kind == .character ? letters.key : hash }
}
