import CKernels

/// The rotation, and the scales of the heads: all that is needed to filter rows it was not fitted on, too.
///
/// Unchecked: nothing is written after `init`.
final class HeadModel: @unchecked Sendable {
    private let rotation: MemoryBlock
    private let model: UnsafeMutablePointer<llmkit_head_model>

    var pointer: UnsafePointer<llmkit_head_model> { UnsafePointer(model) }
    var byteCount: Int { rotation.byteCount + MemoryLayout<llmkit_head_model>.size }

    /// Fits a model.
    /// - Parameters:
    ///   - sample: rows of `dimensions` numbers, one after the other; at least one.
    ///   - dimensions: a multiple of 16.
    init(sample: [Float], dimensions: Int, kernels: VectorKernels) {
        let directions = PrincipalDirections(sample, dimensions: dimensions, keeping: llmkit_directions)
        rotation = MemoryBlock(byteCount: dimensions * 64 * 4)
        rotation.pointer(to: Float.self).update(from: directions.matrix, count: dimensions * 64)
        model = .allocate(capacity: 1)
        model.initialize(to: llmkit_head_model())
        model.pointee.dimensions = dimensions
        model.pointee.rotation = UnsafePointer(rotation.pointer(to: Float.self))
        model.pointee.skew = directions.skew
        chooseScales(sample, kernels)
    }

    deinit { model.deallocate() }

    /// Writes the head of a row. False if the row has no bound, and must always be compared in full.
    func encode(_ row: UnsafePointer<Float>, _ kernels: VectorKernels, into head: UnsafeMutablePointer<UInt8>) -> Bool {
        llmkit_head_encode(pointer, kernels.pointer, row, head)
    }

    /// Makes the limits a little wider than the sample needs: a row that exceeds one gets no bound, and costs time.
    private func chooseScales(_ sample: [Float], _ kernels: VectorKernels) {
        let dimensions = model.pointee.dimensions
        let rows = sample.count / dimensions
        var highest = [Float](repeating: 0, count: 64)
        var head = [Float](repeating: 0, count: 64)
        sample.withUnsafeBufferPointer { sample in
            guard let start = sample.baseAddress else { return }
            for row in 0..<rows {
                kernels.pointer.pointee.rotate(model.pointee.rotation, start + row * dimensions, dimensions, &head)
                for place in 0..<64 { highest[place] = max(highest[place], abs(head[place])) }
            }
            withUnsafeMutableBytes(of: &model.pointee.steps) { steps in
                for place in 0..<64 { steps.bindMemory(to: Float.self)[place] = highest[place] * 1.05 / 127 }
            }
            var extremes = (LevelExtremes(), LevelExtremes())
            for row in 0..<rows {
                let parts = llmkit_head_split(pointer, kernels.pointer, start + row * dimensions)
                extremes.0.add(tail: parts.tail.0, rounding: parts.rounding.0, length: parts.length.0)
                extremes.1.add(tail: parts.tail.1, rounding: parts.rounding.1, length: parts.length.1)
            }
            model.pointee.levels = (extremes.0.level, extremes.1.level)
        }
    }
}

private struct LevelExtremes {
    private var leastTail = Double.infinity
    private var greatestTail = 0.0
    private var rounding = 0.0
    private var length = 0.0

    mutating func add(tail: Double, rounding: Double, length: Double) {
        leastTail = min(leastTail, tail)
        greatestTail = max(greatestTail, tail)
        self.rounding = max(self.rounding, rounding)
        self.length = max(self.length, length)
    }

    var level: llmkit_head_level {
        let least = leastTail.isFinite ? leastTail * 0.98 : 0
        return llmkit_head_level(
            tail_least: least,
            tail_step: max(1e-6, (greatestTail * 1.02 - least) / 255),
            rounding: rounding * 1.05 + 1e-6,
            length: length * 1.02 + 1
        )
    }
}
