@testable import LLMKit

/// Rows and queries for tests of ``VectorIndex``, of kinds that are hard on a filter in different ways.
struct VectorSamples {
    enum Kind: CaseIterable {
        /// Evenly on the sphere: the head holds next to nothing.
        case random
        /// Energies that fall as those of real texts do, in tight groups.
        case clustered
        /// Rows that differ from a few others in the sixth digit.
        case nearDuplicates
        /// Each row many times.
        case duplicates
        case allEqual
        /// The axes and their negatives.
        case axes
        /// All in a space of three dimensions.
        case lowRank
        /// Like `clustered`, and then from somewhere else.
        case drifting
    }

    let dimensions: Int
    var generator: SeededGenerator
    private let kind: Kind
    private var centres: [[Float]] = []
    private var made = 0

    init(_ kind: Kind, dimensions: Int, seed: UInt64) {
        self.kind = kind
        self.dimensions = dimensions
        generator = SeededGenerator(seed: seed)
        centres = (0..<12).map { _ in noise(decay: kind == .random ? 0 : 0.02) }
        if kind == .lowRank { centres = Array(centres.prefix(3)) }
    }

    mutating func next() -> [Float] {
        made += 1
        switch kind {
        case .random: return Self.unit(noise(decay: 0))
        case .clustered: return Self.unit(near(centre(), 0.6))
        case .nearDuplicates: return Self.unit(near(centre(), 1e-6))
        case .duplicates: return Self.unit(centre())
        case .allEqual: return Self.unit(centres[0])
        case .axes:
            var axis = [Float](repeating: 0, count: dimensions)
            axis[Int.random(in: 0..<dimensions, using: &generator)] = Bool.random(using: &generator) ? 1 : -1
            return axis
        case .lowRank:
            var sum = [Float](repeating: 0, count: dimensions)
            for centre in centres {
                let factor = Float.random(in: -1...1, using: &generator)
                for place in 0..<dimensions { sum[place] += factor * centre[place] }
            }
            return Self.unit(sum)
        case .drifting:
            let vector = Self.unit(near(centre(), 0.6))
            return made > 1500 ? Array(vector.reversed()) : vector
        }
    }

    /// A vector whose cosine to `vector` is `cosine`, as far as rounding lets it.
    mutating func at(_ cosine: Double, from vector: [Float]) -> [Float] {
        let other = noise(decay: 0)
        let product = Self.dot(other, vector)
        let square = Self.dot(vector, vector)
        let across = (0..<dimensions).map { Double(other[$0]) - product / square * Double(vector[$0]) }
        let length = across.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 1e-9 else { return vector }
        let sine = max(0, 1 - cosine * cosine).squareRoot()
        return Self.unit((0..<dimensions).map { Float(cosine * Double(vector[$0]) + sine * across[$0] / length) })
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    static func dot(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    static func unit(_ vector: [Float]) -> [Float] {
        let length = dot(vector, vector).squareRoot()
        guard length > 0 else { return [1] + Array(repeating: 0, count: vector.count - 1) }
        return vector.map { Float(Double($0) / length) }
    }

    private mutating func centre() -> [Float] { centres[Int.random(in: 0..<centres.count, using: &generator)] }

    private mutating func near(_ centre: [Float], _ distance: Float) -> [Float] {
        let other = noise(decay: 0.02)
        return (0..<dimensions).map { centre[$0] + distance * other[$0] }
    }

    /// Evenly distributed numbers, smaller from place to place.
    private mutating func noise(decay: Float) -> [Float] {
        var vector = [Float](repeating: 0, count: dimensions)
        for place in 0..<dimensions {
            let scale = 1 + decay * Float(place)
            vector[place] = Float(Int64(bitPattern: generator.next()) >> 40) / (scale * scale)
        }
        return vector
    }
}

/// All rows that an index should hold, and what a search should find among them.
struct VectorReference {
    private(set) var rows: [Int64: [Float]] = [:]
    let dimensions: Int
    let kernels: VectorKernels

    mutating func set(_ id: Int64, _ row: [Float]?) {
        rows[id] = row.map { $0 + Array(repeating: 0, count: (16 - dimensions % 16) % 16) }
    }

    func nearest(_ count: Int, to query: [Float], atLeast cosine: Float) -> [VectorIndex.Match] {
        let padded = query + Array(repeating: 0, count: (16 - dimensions % 16) % 16)
        let all = rows.map { VectorIndex.Match(id: $0.key, similarity: kernels.dot($0.value, padded, padded.count)) }
        return Array(
            all.filter { $0.similarity >= cosine }
                .sorted { ($1.similarity, $0.id) < ($0.similarity, $1.id) }
                .prefix(count)
        )
    }
}
