import CPlatform

/// A stream of unit vectors that are spread as those of short texts are.
struct TextLikeVectors {
    private static let dimensions = 384
    private static let topics = 150
    private static let subtopics = 8
    /// The shares of a vector's energy that come from its topic and from its subtopic.
    private static let topicShare: Float = 0.34
    private static let subtopicShare: Float = 0.21
    /// The energy of the noise by directions: fitted such that the whole has the spectrum of real vectors.
    private static let energies: [(directions: Range<Int>, share: Double)] = [
        (0..<1, 0.0427), (1..<4, 0.0289), (4..<16, 0.1066), (16..<32, 0.1047), (32..<64, 0.1531), (64..<96, 0.1299),
        (96..<128, 0.1103), (128..<192, 0.1590), (192..<384, 0.1648),
    ]

    private var generator: SplitMix64
    private var deviations = [Float](repeating: 0, count: dimensions)
    private var topicVectors: [[Float]] = []
    private var subtopicVectors: [[Float]] = []
    /// The share of rows in the topics up to each.
    private var cumulated: [Double] = []
    /// Rows that others may rephrase.
    private var earlier: [[Float]] = []

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
        for (directions, share) in Self.energies {
            for direction in directions {
                deviations[direction] = Float((share / Double(directions.count)).squareRoot())
            }
        }
        topicVectors = (0..<Self.topics).map { _ in noise() }
        subtopicVectors = (0..<Self.topics * Self.subtopics).map { _ in noise() }
        var sum = 0.0
        for topic in 1...Self.topics {
            sum += pow(Double(topic), -0.9)
            cumulated.append(sum)
        }
    }

    mutating func next() -> [Float] {
        if !earlier.isEmpty, Bool.random(using: &generator) { return rephrased() }
        let place = Double.random(in: 0..<1, using: &generator) * (cumulated.last ?? 0)
        let topic = min(cumulated.count { $0 <= place }, Self.topics - 1)
        let topicVector = topicVectors[topic]
        let subtopic = topic * Self.subtopics + Int.random(in: 0..<Self.subtopics, using: &generator)
        let subtopicVector = subtopicVectors[subtopic]
        let rest = (1 - Self.topicShare - Self.subtopicShare).squareRoot()
        let (a, b) = (Self.topicShare.squareRoot(), Self.subtopicShare.squareRoot())
        let own = noise()
        let vector = SampleVectors.unit(
            (0..<Self.dimensions).map { a * topicVector[$0] + b * subtopicVector[$0] + rest * own[$0] }
        )
        if earlier.count < 100_000 {
            earlier.append(vector)
        } else {
            earlier[Int.random(in: 0..<earlier.count, using: &generator)] = vector
        }
        return vector
    }

    private mutating func rephrased() -> [Float] {
        let original = earlier[Int.random(in: 0..<earlier.count, using: &generator)]
        let cosine = Float.random(in: 0.72...0.97, using: &generator)
        var other = noise()
        var product: Float = 0
        for place in 0..<Self.dimensions { product += other[place] * original[place] }
        for place in 0..<Self.dimensions { other[place] -= product * original[place] }
        other = SampleVectors.unit(other)
        let sine = (1 - cosine * cosine).squareRoot()
        return SampleVectors.unit((0..<Self.dimensions).map { cosine * original[$0] + sine * other[$0] })
    }

    /// Normally distributed numbers (Box and Muller) of the wanted spectrum; what all have in common is in the first.
    private mutating func noise() -> [Float] {
        var vector = [Float](repeating: 0, count: Self.dimensions)
        for place in stride(from: 0, to: Self.dimensions, by: 2) {
            let radius = (-2 * logf(1 - Float.random(in: 0..<1, using: &generator))).squareRoot()
            let angle = 2 * Float.pi * Float.random(in: 0..<1, using: &generator)
            vector[place] = deviations[place] * radius * cosf(angle)
            vector[place + 1] = deviations[place + 1] * radius * sinf(angle)
        }
        vector[0] = 0.6 * vector[0] + 0.8 * deviations[0]
        return vector
    }
}

/// Steele, Lea and Flood's generator: the same numbers on every run.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
