import CKernels

/// The functions that do the arithmetic, chosen for the processor.
///
/// Unchecked: they are constants of the program.
struct VectorKernels: @unchecked Sendable {
    let pointer: UnsafePointer<llmkit_vector_kernels>

    /// The fastest ones.
    static let best = VectorKernels(pointer: llmkit_vector_kernels_best())

    /// All that this processor runs, the plain ones first.
    static let all: [VectorKernels] = {
        var found: [VectorKernels] = []
        while let next = llmkit_vector_kernels_at(found.count) { found.append(VectorKernels(pointer: next)) }
        return found
    }()

    var name: String { String(cString: pointer.pointee.name) }

    /// - Parameter count: of both; a multiple of 16.
    func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        pointer.pointee.dot(a, b, count)
    }
}
