/// Sentences around a question that say nothing but hello, thanks and the like.
struct Courtesies {
    /// Places of tokens that are such sentences.
    private(set) var places: Set<Int> = []

    /// More words than such a sentence has.
    private static let mostWords = 12

    init(_ tokens: ContiguousArray<TextToken>) {
        // A single sentence is what the text is about, whatever it says.
        guard tokens.dropLast().contains(where: { $0.kind == .stop }) else { return }
        var start = 0
        var sentences: [Range<Int>] = []
        for place in tokens.indices where tokens[place].kind == .stop {
            sentences.append(start..<place)
            start = place + 1
        }
        if start < tokens.count { sentences.append(start..<tokens.count) }
        let polite = sentences.filter {
            Self.isCourtesy(tokens[$0], isLast: $0.upperBound == sentences.last?.upperBound)
        }
        guard polite.count < sentences.count(where: { !$0.isEmpty }) else { return }
        for sentence in polite { places.formUnion(sentence) }
    }

    private static func isCourtesy(_ sentence: ArraySlice<TextToken>, isLast: Bool) -> Bool {
        guard let first = sentence.first, first.kind == .word, sentence.count <= mostWords else { return false }
        // "Best, Tom".
        if isLast, sentence.count <= 4, closings.contains(first.letters) { return true }
        guard openings.contains(first.letters) else { return false }
        return sentence.allSatisfy { $0.kind == .pause || $0.kind == .word && says.contains($0.letters) }
    }

    private static let closings = Set(
        ["best", "kind", "warm", "regards", "cheers", "thanks", "thank", "yours", "sincerely", "love"].map(Letters.init)
    )
    private static let openings = Set(
        [
            "hi", "hello", "hey", "dear", "good", "thank", "thanks", "many", "sorry", "hope", "hoping", "greetings",
            "cheers",
            "much", "any", "i", "we", "love", "loving", "big", "long", "new", "first", "great", "nice", "have", "quick",
            "just", "apologies", "appreciate", "looking", "you",
        ].map(Letters.init)
    )
    /// All that such sentences are made of.
    private static let says = Set(
        """
        hi hello hey dear good thank thanks many sorry hope hoping greetings cheers much any i we you your our us me im were
        love loving big long new first great nice have had having quick just apologies appreciate appreciated looking
        forward hearing from reply response morning afternoon evening day days weekend week time times user users customer
        customers client fan reader member listener here there again all everyone everybody folks team guys friends
        community sir madam support service services help helping helpful work job product products app site website for
        the a an and of so very really in advance to on with this that these it is are be been was am as if can could would
        will might may well doing fine keep up lots asking question questions bother bothering trouble noise disturb
        disturbing inconvenience interrupting busy know let need needed everything amazing awesome wonderful excellent
        fantastic lovely lot such right chat place channel forum group patience department my kindly please happy glad pleased enjoying enjoy using
        """.split { $0 == " " || $0 == "\n" }.map { Letters(String($0)) }
    )
}
