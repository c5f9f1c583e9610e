import LLMKit

/// Searches by comparing with every row, in code that shares nothing with the index.
struct ExactNeighbours {
    let sample: SampleVectors

    /// Sums in another order differ by so much.
    private let tolerance: Float = 2e-6

    /// For how many queries the index was wrong.
    ///
    /// Rows within the tolerance of the threshold may or may not count; of rows whose cosines are within it, either may
    /// come first.
    func mismatches(_ found: [[VectorIndex.Match]], threshold: Float, neighbours: Int) -> Int {
        let dimensions = sample.dimensions
        // Several queries at a time: the rows are read once for all of them.
        let batch = 8
        var wrong = 0
        for first in stride(from: 0, to: found.count, by: batch) {
            let queries = first..<min(first + batch, found.count)
            var best = queries.map { _ in [Float]() }
            sample.rows.withUnsafeBufferPointer { rows in
                for row in 0..<rows.count / dimensions {
                    let vector = UnsafeBufferPointer(rebasing: rows[row * dimensions..<(row + 1) * dimensions])
                    for query in queries {
                        let cosine = sample.withQuery(query) { dot($0, vector) }
                        guard cosine >= threshold - tolerance else { continue }
                        best[query - first].append(cosine)
                    }
                }
            }
            for query in queries {
                let truth = best[query - first].sorted(by: >).prefix(neighbours)
                if !agrees(found[query], truth, threshold, sample, query) { wrong += 1 }
            }
        }
        return wrong
    }

    private func agrees(
        _ found: [VectorIndex.Match],
        _ truth: ArraySlice<Float>,
        _ threshold: Float,
        _ sample: SampleVectors,
        _ query: Int
    ) -> Bool {
        guard found.count <= truth.count, truth.dropFirst(found.count).allSatisfy({ $0 < threshold + tolerance }) else {
            return false
        }
        return zip(found, truth).allSatisfy { match, cosine in
            let row = Int(match.id) * sample.dimensions
            let real = sample.rows.withUnsafeBufferPointer { rows in
                sample.withQuery(query) { dot($0, UnsafeBufferPointer(rebasing: rows[row..<row + sample.dimensions])) }
            }
            return abs(match.similarity - cosine) <= tolerance && abs(real - cosine) <= tolerance
        }
    }

    private func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        var sums = (SIMD16<Float>.zero, SIMD16<Float>.zero)
        let whole = a.count / 32 * 32
        func product(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { a * b }
        let (rawA, rawB) = (UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
        for place in stride(from: 0, to: whole * 4, by: 128) {
            sums.0 += product(
                rawA.loadUnaligned(fromByteOffset: place, as: SIMD16<Float>.self),
                rawB.loadUnaligned(fromByteOffset: place, as: SIMD16<Float>.self)
            )
            sums.1 += product(
                rawA.loadUnaligned(fromByteOffset: place + 64, as: SIMD16<Float>.self),
                rawB.loadUnaligned(fromByteOffset: place + 64, as: SIMD16<Float>.self)
            )
        }
        var sum = (sums.0 + sums.1).sum()
        for place in whole..<a.count { sum += a[place] * b[place] }
        return sum
    }
}
