import CKernels

/// How rows lie in memory: chunks of 64, each with the ids, the moments of death and then the vectors.
struct RowLayout: Sendable {
    static let chunkRows = llmkit_block_rows

    /// Of the vectors, as the app sees them.
    let dimensions: Int
    /// Filled up with zeros to a multiple of 16, for which the kernels are made.
    let paddedDimensions: Int
    let precision: VectorIndex.Precision

    init(dimensions: Int, precision: VectorIndex.Precision) {
        self.dimensions = dimensions
        self.precision = precision
        paddedDimensions = (dimensions + 15) / 16 * 16
    }

    var rowBytes: Int { paddedDimensions * (precision == .f16 ? 2 : 4) }

    func chunkBytes(rows: Int) -> Int { llmkit_chunk_rows + rows * rowBytes }

    /// How many rows there is memory for in a chunk.
    func capacity(of chunk: MemoryBlock) -> Int { (chunk.byteCount - llmkit_chunk_rows) / rowBytes }

    func ids(_ chunk: UnsafeRawPointer) -> UnsafePointer<Int64> { chunk.assumingMemoryBound(to: Int64.self) }

    func row(_ place: Int, of chunk: UnsafeRawPointer) -> UnsafeRawPointer {
        chunk + llmkit_chunk_rows + place * rowBytes
    }

    /// Writes a row that no reader sees yet.
    func write(_ vector: UnsafePointer<Float>, id: Int64, at place: Int, of chunk: MemoryBlock) {
        chunk.pointer(to: Int64.self)[place] = id
        let row = UnsafeMutableRawPointer(mutating: row(place, of: chunk.start))
        switch precision {
        case .f32: row.copyMemory(from: vector, byteCount: dimensions * 4)
        case .f16: llmkit_halves_from_floats(vector, dimensions, row.assumingMemoryBound(to: UInt16.self))
        }
    }

    /// Reads a row as `paddedDimensions` numbers.
    func read(_ place: Int, of chunk: UnsafeRawPointer, into vector: UnsafeMutablePointer<Float>) {
        let row = row(place, of: chunk)
        switch precision {
        case .f32: UnsafeMutableRawPointer(vector).copyMemory(from: row, byteCount: rowBytes)
        case .f16: llmkit_floats_from_halves(row.assumingMemoryBound(to: UInt16.self), paddedDimensions, vector)
        }
    }
}
