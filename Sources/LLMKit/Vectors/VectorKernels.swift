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

extension VectorKernels {
    /// The product of two vectors of one length, which the kernels take in sixteens.
    func product(of a: [Float], and b: [Float]) -> Float {
        let count = min(a.count, b.count)
        let even = count / 16 * 16
        let product = a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                guard even > 0, let a = a.baseAddress, let b = b.baseAddress else { return Float(0) }
                return dot(a, b, even)
            }
        }
        return (even..<count).reduce(product) { $0 + a[$1] * b[$1] }
    }
}
