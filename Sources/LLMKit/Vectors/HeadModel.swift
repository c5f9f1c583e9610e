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
        rotation = MemoryBlock(byteCount: directions.matrix.count * 4)
        rotation.pointer(to: Float.self).update(from: directions.matrix, count: directions.matrix.count)
        model = .allocate(capacity: 1)
        model.initialize(to: llmkit_head_model())
        model.pointee.dimensions = dimensions
        model.pointee.rotation = UnsafePointer(rotation.pointer(to: Float.self))
        model.pointee.skew = directions.skew
        llmkit_head_fit(model, kernels.pointer, sample, sample.count / dimensions)
    }

    deinit { model.deallocate() }

    /// Writes the head of a row, and its sketch. False if the row has no bound, and must always be compared in full.
    func encode(
        _ row: UnsafePointer<Float>,
        _ kernels: VectorKernels,
        into head: UnsafeMutablePointer<UInt8>,
        sketch: UnsafeMutablePointer<Int8>? = nil
    ) -> Bool {
        llmkit_head_encode(pointer, kernels.pointer, row, head, sketch)
    }
}
