/// The function words and their marks, as one table; built once.
struct GrammarLexicon: Sendable {
    static let shared = GrammarLexicon(WordList.grammar)

    enum Meaning: Sendable {
        case mark(GrammarMark)
        /// The phrase says nothing.
        case nothing
    }

    /// How many words a phrase may have.
    static let longest = 5

    private let meanings: [UInt64: Meaning]
    /// Of the words that begin a phrase.
    private let openings: Set<UInt64>

    init(_ list: WordList) {
        var meanings: [UInt64: Meaning] = [:]
        var openings: Set<UInt64> = []
        for line in list.lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let meaning: Meaning
            if let mark = GrammarMark(name: parts[0]) {
                meaning = .mark(mark)
            } else if parts[0] == "none" {
                meaning = .nothing
            } else {
                continue
            }
            for phrase in WordList.words(parts[1]) {
                meanings[LexiconTable.key(of: phrase)] = meaning
                if let first = phrase.split(separator: "_").first, first.count < phrase.count {
                    openings.insert(LexiconTable.key(of: String(first)))
                }
            }
        }
        self.meanings = meanings
        self.openings = openings
    }

    /// The longest phrase that begins at a place, and how many tokens it takes.
    func phrase(in tokens: ContiguousArray<TextToken>, at place: Int) -> (meaning: Meaning, count: Int)? {
        var key = tokens[place].key
        var found = meanings[key].map { (meaning: $0, count: 1) }
        guard openings.contains(key) else { return found }
        for length in 2...Self.longest {
            let next = place + length - 1
            guard next < tokens.count, tokens[next].kind == .word else { break }
            key = Letters.mix(key, tokens[next].key)
            if let meaning = meanings[key] { found = (meaning, length) }
        }
        return found
    }
}
