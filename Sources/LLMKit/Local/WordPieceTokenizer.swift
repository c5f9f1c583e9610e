/// Cuts text into the numbered word pieces that BERT models read.
///
/// ```swift
/// let tokenizer = try WordPieceTokenizer(folder: "all-MiniLM-L6-v2")
/// tokenizer.encode("How tall is Mont Blanc?", limit: 256)  // [101, 2129, 4206, 2003, 18318, 18698, 1029, 102]
/// ```
/// The same tokens as Hugging Face's `tokenizers` gives with truncation and padding turned off: added tokens are cut out,
/// the rest is normalised (``BertNormalizer``) and split at white space and around punctuation, and each word becomes the
/// longest pieces of the vocabulary from left to right (Devlin et al., NAACL 2019).
struct WordPieceTokenizer: Sendable {
    /// One more than the largest id: how many rows the model's table of embeddings must have.
    let vocabularySize: Int
    private let vocabulary: ByteTrie
    /// Where the pieces begin that continue a word, if there are any.
    private let continuations: Int?
    private let normalizer: BertNormalizer
    private let addedTokens: AddedTokens
    private let normalizedAddedTokens: AddedTokens
    private let prefix: [Int32]
    private let suffix: [Int32]
    private let unknown: Int32
    private let wordLimit: Int

    /// What is read from a tokenizer's file.
    struct Settings {
        var vocabulary = ByteStrings()
        var normalizer = BertNormalizer()
        var addedTokens: [AddedToken] = []
        /// The ids in front of every text, such as that of `[CLS]`.
        var prefix: [Int32] = []
        /// The ids behind every text, such as that of `[SEP]`.
        var suffix: [Int32] = []
        var unknownToken = "[UNK]"
        var continuingPrefix = "##"
        /// Words of more scalars become the unknown token.
        var wordLimit = 100
    }

    struct Failure: Error {
        var message: String
    }

    init(_ settings: Settings) throws(Failure) {
        vocabulary = ByteTrie(settings.vocabulary)
        guard let unknown = vocabulary.value(of: settings.unknownToken.utf8) else {
            throw Failure(message: "the unknown token \(quoted(settings.unknownToken)) is not in the vocabulary")
        }
        self.unknown = unknown
        continuations = vocabulary.node(after: settings.continuingPrefix.utf8)
        normalizer = settings.normalizer
        prefix = settings.prefix
        suffix = settings.suffix
        wordLimit = settings.wordLimit
        let vocabulary = vocabulary
        let normalizer = normalizer
        let tokens = settings.addedTokens.map { token in
            // A token that the vocabulary has too goes by the vocabulary's id.
            var token = token
            token.id = vocabulary.value(of: token.content.utf8) ?? token.id
            return token
        }
        addedTokens = AddedTokens(tokens.filter { !$0.isNormalized }.map { ($0, Array($0.content.utf8)) })
        normalizedAddedTokens = AddedTokens(
            tokens.filter(\.isNormalized).map { ($0, Self.normalize($0.content, by: normalizer)) }
        )
        let ids = settings.vocabulary.slices.map(\.value) + tokens.map(\.id) + prefix + suffix
        vocabularySize = Int(ids.max() ?? -1) + 1
    }

    /// Whether upper and lower case are the same to it.
    var lowercases: Bool { normalizer.lowercases }

    /// The ids of a text, with those that the model wants around it.
    /// - Parameter limit: how many ids there may be in all; what is beyond is cut off inside the frame.
    func encode(_ text: String, limit: Int = .max) -> [Int32] {
        let limit = max(0, limit)
        let room = max(0, limit - prefix.count - suffix.count)
        var words = WordSplitter(
            vocabulary: vocabulary,
            continuations: continuations,
            unknown: unknown,
            wordLimit: wordLimit,
            room: prefix.count + room,
            ids: prefix
        )
        var text = text
        text.withUTF8 { bytes in
            addedTokens.forEachPiece(of: bytes) { piece in
                switch piece {
                case .token(let id): words.appendToken(id)
                case .text(let range): split(UnsafeBufferPointer(rebasing: bytes[range]), into: &words)
                }
                return !words.isFull
            }
        }
        var ids = words.ids
        ids.removeLast(max(0, ids.count - prefix.count - room))
        ids += suffix
        ids.removeLast(max(0, ids.count - limit))
        return ids
    }

    private func split(_ bytes: UnsafeBufferPointer<UInt8>, into words: inout WordSplitter) {
        guard !normalizedAddedTokens.isEmpty else {
            normalizer.normalize(bytes, into: &words)
            return words.endWord()
        }
        var normalized = ScalarCollector()
        normalizer.normalize(bytes, into: &normalized)
        normalized.bytes.withUnsafeBufferPointer { bytes in
            normalizedAddedTokens.forEachPiece(of: bytes) { piece in
                switch piece {
                case .token(let id): words.appendToken(id)
                case .text(let range):
                    var index = range.lowerBound
                    while index < range.upperBound, !words.isFull {
                        words.take(UnicodeScalarBytes.next(in: bytes, at: &index))
                    }
                    words.endWord()
                }
                return !words.isFull
            }
        }
    }

    private static func normalize(_ text: String, by normalizer: BertNormalizer) -> [UInt8] {
        var text = text
        var normalized = ScalarCollector()
        text.withUTF8 { normalizer.normalize($0, into: &normalized) }
        return normalized.bytes
    }
}

/// Keeps a normalised text.
private struct ScalarCollector: ScalarSink {
    var bytes: [UInt8] = []
    var isFull: Bool { false }
    mutating func take(_ scalar: UInt32) { UnicodeScalarBytes.append(scalar, to: &bytes) }
}
