import CKernels

/// The intermediate results of a forward pass of up to ``tokens`` tokens, kept from pass to pass.
final class EncoderWorkspace {
    let tokens: Int
    /// The vectors of the tokens; after a pass, what the encoder made of them.
    let hidden: FloatRows
    /// What a layer adds to them.
    let update: FloatRows
    /// Queries, keys and values.
    let attention: FloatRows
    /// What attention mixed of the values.
    let context: FloatRows
    /// The inner layer of the feed-forward network.
    let inner: FloatRows
    /// Activations rounded to eight or sixteen bits: rows of ``roundedStride`` bytes.
    let rounded: UnsafeMutableRawPointer
    let roundedStride: Int
    /// The scales of rows that are rounded to eight bits.
    let scales: UnsafeMutablePointer<Float>
    /// Where in its text each token stands: between, first or last.
    let kinds: UnsafeMutablePointer<UInt8>
    /// For the kernel of attention, and for one row before it is rounded.
    let scratch: UnsafeMutablePointer<Float>

    private let memory: UnsafeMutableRawPointer

    init(_ configuration: BertConfiguration, tokens: Int) {
        self.tokens = tokens
        let (hiddenSize, innerSize) = (configuration.hiddenSize, configuration.intermediateSize)
        let widest = Self.stride(max(hiddenSize, innerSize))
        let widths = [hiddenSize, hiddenSize, 3 * hiddenSize, hiddenSize, innerSize].map(Self.stride)
        let scratchCount = max(widest, llmkit_attend_scratch(tokens, configuration.headSize))
        // In floats; the rounded rows take two bytes an element.
        let parts = widths.map { $0 * tokens } + [widest / 2 * tokens, tokens, scratchCount, tokens]
        let floatsPerLine = WeightArena.alignment / MemoryLayout<Float>.stride
        var starts = [0]
        for part in parts { starts.append(starts[starts.count - 1] + (part / floatsPerLine + 1) * floatsPerLine) }
        let total = starts[starts.count - 1]
        memory = .allocate(byteCount: total * MemoryLayout<Float>.stride, alignment: WeightArena.alignment)
        let floats = memory.bindMemory(to: Float.self, capacity: total)
        floats.initialize(repeating: 0, count: total)
        let rows = zip(starts, widths).map { FloatRows(base: floats + $0, stride: $1) }
        (hidden, update, attention, context, inner) = (rows[0], rows[1], rows[2], rows[3], rows[4])
        rounded = UnsafeMutableRawPointer(floats + starts[5])
        roundedStride = 2 * widest
        scales = floats + starts[6]
        scratch = floats + starts[7]
        kinds = UnsafeMutableRawPointer(floats + starts[8]).bindMemory(to: UInt8.self, capacity: tokens)
    }

    deinit { memory.deallocate() }

    /// Whole panels, and a line of the cache: rows a power of two apart would fall on each other in the cache.
    private static func stride(_ width: Int) -> Int {
        let panel = llmkit_panel_width
        return (width + panel - 1) / panel * panel + WeightArena.alignment / MemoryLayout<Float>.stride
    }
}
