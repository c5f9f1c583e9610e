/// The table of the words' vectors. It is half of a small model, and a text needs a few rows of it: it stays on disk,
/// mapped into memory, unless its numbers must be converted.
struct WordEmbeddings: Sendable {
    private enum Source {
        case mapped(SafetensorsFile, SafetensorsFile.Entry)
        case converted([Float])
    }

    private let source: Source
    private let rows: Int
    private let width: Int

    init(_ weights: BertWeights) throws(LLMError) {
        let (name, entry) = try weights.wordEmbeddings()
        rows = weights.configuration.vocabularySize
        width = weights.configuration.hiddenSize
        #if _endian(little)
        let isAsInMemory = entry.dataType == .f32
        #else
        let isAsInMemory = false
        #endif
        source = try isAsInMemory ? .mapped(weights.file, entry) : .converted(weights.file.floats(name))
    }

    /// Copies the vector of a token; zeros for ids that the table does not have.
    func copy(_ id: Int32, into row: UnsafeMutableBufferPointer<Float>) {
        guard id >= 0, id < rows, row.count == width else { return row.update(repeating: 0) }
        let start = Int(id) * width
        switch source {
        case .mapped(let file, let entry):
            let size = MemoryLayout<Float>.stride
            file.withBytes(of: entry) { bytes in
                let vector = UnsafeRawBufferPointer(rebasing: bytes[start * size..<(start + width) * size])
                UnsafeMutableRawBufferPointer(row).copyMemory(from: vector)
            }
        case .converted(let floats):
            _ = row.update(fromContentsOf: floats[start..<start + width])
        }
    }
}
