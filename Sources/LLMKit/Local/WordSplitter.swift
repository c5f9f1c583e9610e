/// Collects words out of normalised text and appends the ids of their pieces.
struct WordSplitter: ScalarSink {
    private let vocabulary: ByteTrie
    private let continuations: Int?
    private let unknown: Int32
    private let wordLimit: Int
    private let room: Int
    private(set) var ids: [Int32]
    private var word: [UInt8] = []
    /// How many scalars the word has.
    private var length = 0

    /// - Parameters:
    ///   - continuations: the node of the vocabulary where pieces begin that continue a word.
    ///   - wordLimit: how many scalars a word may have.
    ///   - room: how many ids are wanted; a few more may come.
    ///   - ids: what stands in front.
    init(vocabulary: ByteTrie, continuations: Int?, unknown: Int32, wordLimit: Int, room: Int, ids: [Int32]) {
        self.vocabulary = vocabulary
        self.continuations = continuations
        self.unknown = unknown
        self.wordLimit = wordLimit
        self.room = room
        self.ids = ids
        self.ids.reserveCapacity(ids.count + 32)
        word.reserveCapacity(64)
    }

    var isFull: Bool { ids.count >= room }

    mutating func appendToken(_ id: Int32) { ids.append(id) }

    /// White space ends a word; punctuation is a word of one scalar.
    @inline(__always)
    mutating func take(_ scalar: UInt32) {
        switch Self.kind(of: scalar) {
        case .whitespace: endWord()
        case .punctuation:
            endWord()
            append(scalar)
            endWord()
        case .other: append(scalar)
        }
    }

    private enum Kind { case whitespace, punctuation, other }

    @inline(__always)
    private static func kind(of scalar: UInt32) -> Kind {
        guard scalar >= 0x80 else {
            // Letters, digits, and the controls that are no white space.
            let isLetter = (scalar | 0x20) &- 0x61 < 26
            if isLetter || scalar &- 0x30 < 10 { return .other }
            if scalar == 0x20 || scalar &- 0x09 < 5 { return .whitespace }
            return scalar < 0x20 || scalar == 0x7F ? .other : .punctuation
        }
        let kind = ScalarClass(scalar)
        return kind.isWhitespace ? .whitespace : kind.isPunctuation ? .punctuation : .other
    }

    @inline(__always)
    private mutating func append(_ scalar: UInt32) {
        length += 1
        // What is too long is only counted.
        if length <= wordLimit { UnicodeScalarBytes.append(scalar, to: &word) }
    }

    /// Ends the word that is being collected, if there is one.
    @inline(__always)
    mutating func endWord() {
        if length > 0 { appendWord() }
    }

    private mutating func appendWord() {
        let isTooLong = length > wordLimit
        let isKnown = !isTooLong && appendPieces()
        if !isKnown { ids.append(unknown) }
        word.removeAll(keepingCapacity: true)
        length = 0
    }

    /// Appends the longest pieces from left to right; false, and nothing appended, if the vocabulary lacks one.
    private mutating func appendPieces() -> Bool {
        let count = ids.count
        var start = 0
        while start < word.count {
            let piece = word.withUnsafeBufferPointer { word -> (end: Int, value: Int32)? in
                guard start > 0 else { return vocabulary.longestMatch(in: word, at: 0) }
                guard let continuations else { return nil }
                return vocabulary.longestMatch(in: word, at: start, from: continuations)
            }
            guard let piece else {
                ids.removeLast(ids.count - count)
                return false
            }
            ids.append(piece.value)
            start = piece.end
        }
        return true
    }
}
