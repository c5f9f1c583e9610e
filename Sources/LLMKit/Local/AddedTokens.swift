/// A token that is found in the text before anything else happens to it, such as `[MASK]`.
struct AddedToken: Hashable, Sendable {
    var content: String
    var id: Int32
    /// Only matches where no letter, digit or mark touches it.
    var isSingleWord = false
    /// Swallows the white space in front of it.
    var stripsLeft = false
    /// Swallows the white space behind it.
    var stripsRight = false
    /// Is found in the normalised text, not in the original.
    var isNormalized = false
}

/// Cuts texts at added tokens: the leftmost first, of those that begin at the same place the longest.
struct AddedTokens: Sendable {
    enum Piece {
        case text(Range<Int>)
        case token(Int32)
    }

    private let tokens: [AddedToken]
    private let trie: ByteTrie
    private let isFirstByte: [Bool]

    /// - Parameter tokens: the tokens with what their contents look like in the text that is searched.
    init(_ tokens: [(token: AddedToken, spelling: [UInt8])]) {
        var strings = ByteStrings()
        var isFirstByte = [Bool](repeating: false, count: 256)
        for (index, (_, spelling)) in tokens.enumerated() {
            guard let first = spelling.first else { continue }
            isFirstByte[Int(first)] = true
            strings.append(spelling, Int32(truncatingIfNeeded: index))
        }
        self.tokens = tokens.map(\.token)
        self.isFirstByte = isFirstByte
        trie = ByteTrie(strings)
    }

    var isEmpty: Bool { tokens.isEmpty }

    /// Calls `body` with each piece of a text in turn, until it returns false.
    @inline(__always)
    func forEachPiece(of bytes: UnsafeBufferPointer<UInt8>, _ body: (Piece) -> Bool) {
        var done = 0
        var index = 0
        while let (match, value) = nextMatch(in: bytes, from: index) {
            index = match.upperBound
            let token = tokens[Int(value)]
            if token.isSingleWord, Self.touchesWord(match, in: bytes) { continue }
            var start = match.lowerBound
            var end = match.upperBound
            if token.stripsLeft {
                start = max(Self.startOfWhitespace(before: start, in: bytes), done)
            }
            if token.stripsRight { end = Self.endOfWhitespace(after: end, in: bytes) }
            if done < start, !body(.text(done..<start)) { return }
            if !body(.token(token.id)) { return }
            done = end
        }
        if done < bytes.count { _ = body(.text(done..<bytes.count)) }
    }

    @inline(__always)
    private func nextMatch(
        in bytes: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> (range: Range<Int>, token: Int32)? {
        isFirstByte.withUnsafeBufferPointer { isFirstByte in
            var index = start
            while index < bytes.count {
                if isFirstByte[Int(bytes[index])], let match = trie.longestMatch(in: bytes, at: index) {
                    return (index..<match.end, match.value)
                }
                index += 1
            }
            return nil
        }
    }

    private static func touchesWord(_ match: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var (before, after) = (match.lowerBound, match.upperBound)
        if before > 0, ScalarClass(UnicodeScalarBytes.previous(in: bytes, at: &before)).isWord { return true }
        return after < bytes.count && ScalarClass(UnicodeScalarBytes.next(in: bytes, at: &after)).isWord
    }

    private static func startOfWhitespace(before end: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var start = end
        while start > 0 {
            var index = start
            guard ScalarClass(UnicodeScalarBytes.previous(in: bytes, at: &index)).isWhitespace else { break }
            start = index
        }
        return start
    }

    private static func endOfWhitespace(after start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var end = start
        while end < bytes.count {
            var index = end
            guard ScalarClass(UnicodeScalarBytes.next(in: bytes, at: &index)).isWhitespace else { break }
            end = index
        }
        return end
    }
}
