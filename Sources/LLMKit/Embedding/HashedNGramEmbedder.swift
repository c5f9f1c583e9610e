/// A fallback that needs no weights: texts are alike if they are spelled alike.
///
/// It knows no meaning: "cheap flights" and "low-cost airfare" have next to nothing in common to it. Told to find the
/// duplicates among Quora's question pairs (QQP, 7,684 pairs of the dev part), it reaches an area under the ROC curve of
/// 0.763 where all-MiniLM-L6-v2 reaches 0.887. Use it for tests, for finding near-copies, and where no weights may be
/// shipped; use `MiniLMEmbedder` otherwise. An embedding takes about 6 µs.
///
/// Words, and the runs of three to five characters within each word, are hashed into the dimensions with a sign
/// (Weinberger et al., ICML 2009), weighted by 1 + ln(count), and scaled to length one. Case and accents do not count. The
/// same text gives the same vector on every platform.
public struct HashedNGramEmbedder: Embedder {
    public let info: EmbedderInfo

    /// - Parameter dimensions: how many numbers a vector has, from 16 to 65,536. More than 512 gain next to nothing:
    ///   collisions are rare among the few hundred features of a question.
    package init(dimensions: Int = 512) {
        info = EmbedderInfo(
            identity: "hashed-ngrams-1-\(dimensions)",
            dimensions: dimensions,
            maxTokens: HashedFeatures.wordLimit
        )
    }

    /// - Throws: ``LLMError`` with code `invalidConfiguration` for dimensions out of range.
    public func validate() throws(LLMError) {
        guard Self.dimensionRange.contains(info.dimensions) else {
            throw LLMError(
                .invalidConfiguration,
                "hashed n-grams of \(info.dimensions) dimensions; expected \(Self.dimensionRange.lowerBound) to "
                    + "\(Self.dimensionRange.upperBound)"
            )
        }
    }

    private static let dimensionRange = 16...65_536

    /// - Throws: ``LLMError`` as ``validate()`` does.
    public func embed(_ texts: [String]) throws(LLMError) -> Embeddings {
        try validate()
        return Embeddings(texts.map(vector))
    }

    private func vector(_ text: String) -> [Float] {
        var features = HashedFeatures()
        var text = text
        text.withUTF8 { bytes in
            BertNormalizer().normalize(bytes, into: &features)
            features.endWord()
            // Punctuation tells nothing beside words, but all of a text without them.
            if features.isEmpty { features.addWhole(bytes) }
        }
        return features.vector(dimensions: info.dimensions)
    }
}

extension Embedder where Self == HashedNGramEmbedder {
    /// A fallback that needs no weights and knows no meaning: see ``HashedNGramEmbedder``.
    public static func hashedNGrams(dimensions: Int = 512) -> HashedNGramEmbedder {
        HashedNGramEmbedder(dimensions: dimensions)
    }
}

/// The hashes of a text's words and character n-grams.
private struct HashedFeatures: ScalarSink {
    /// How many words of a text count, which bounds the work for a hostile one.
    static let wordLimit = 8_192
    /// How many scalars of a word count.
    private static let lengthLimit = 64
    /// Stands before and behind each word, so that its beginning and end are told apart from its middle.
    private static let boundary: UInt32 = 0x20

    private var hashes: [UInt64] = []
    private var word: [UInt32] = [HashedFeatures.boundary]
    private var wordCount = 0

    var isEmpty: Bool { hashes.isEmpty }
    var isFull: Bool { wordCount >= Self.wordLimit }

    mutating func take(_ scalar: UInt32) {
        let kind = ScalarClass(scalar)
        if kind.isWhitespace || kind.isPunctuation {
            endWord()
        } else if word.count <= Self.lengthLimit {
            word.append(scalar)
        }
    }

    mutating func endWord() {
        guard word.count > 1 else { return }
        wordCount += 1
        word.append(Self.boundary)
        hashes.append(Self.hash(word[...], seed: 1))
        for length in 3...5 where length <= word.count {
            for start in 0...(word.count - length) {
                hashes.append(Self.hash(word[start..<start + length], seed: 0))
            }
        }
        word.removeLast(word.count - 1)
    }

    /// Adds a text as one feature.
    mutating func addWhole(_ bytes: UnsafeBufferPointer<UInt8>) {
        hashes.append(Self.hash(bytes.prefix(Self.wordLimit).lazy.map { UInt32($0) }, seed: 2))
    }

    /// FNV-1a by 32-bit units, then the finaliser of SplitMix64, which spreads the entropy to all bits.
    private static func hash(_ scalars: some Sequence<UInt32>, seed: UInt64) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for scalar in scalars { hash = (hash ^ UInt64(scalar)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }

    /// The unit vector of the features.
    mutating func vector(dimensions: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: dimensions)
        // Equal ones lie side by side then, and are added in the same order everywhere.
        hashes.sort()
        var start = 0
        while start < hashes.count {
            let hash = hashes[start]
            var end = start + 1
            while end < hashes.count, hashes[end] == hash { end += 1 }
            let weight = Self.weight(count: end - start)
            // The upper bits choose the dimension, the lowest the sign.
            let dimension = Int(hash.multipliedFullWidth(by: UInt64(dimensions)).high)
            sums[dimension] += hash & 1 == 0 ? weight : -weight
            start = end
        }
        var vector = [Float](repeating: 0, count: dimensions)
        let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else {
            // Features that cancel each other out, to the last.
            vector[0] = 1
            return vector
        }
        for index in sums.indices { vector[index] = Float(sums[index] / length) }
        return vector
    }

    /// 1 + ln(count), for a feature's tenth occurrence tells less than its first. From a table: logarithms differ in
    /// their last bit from platform to platform.
    private static func weight(count: Int) -> Double { weights[min(count, weights.count) - 1] }

    private static let weights: [Double] = [
        1, 1.6931, 2.0986, 2.3863, 2.6094, 2.7918, 2.9459, 3.0794, 3.1972, 3.3026, 3.3979, 3.4849, 3.5649, 3.6391,
        3.7081, 3.7726, 3.8332, 3.8904, 3.9444, 3.9957,
    ]
}
