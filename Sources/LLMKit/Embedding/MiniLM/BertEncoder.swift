import CKernels

/// The forward pass of a BERT encoder (Devlin et al., NAACL 2019) on the CPU.
///
/// Texts of a batch lie back to back: every linear layer sees all their tokens at once, attention each text alone, and no
/// work is spent on padding.
///
/// Unchecked: everything is written by `init` and only read from then on.
final class BertEncoder: @unchecked Sendable {
    let configuration: BertConfiguration
    private let kernels: llmkit_kernels
    private let arena: WeightArena
    private let words: WordEmbeddings
    private let positions: UnsafePointer<Float>
    private let norm: PackedNorm
    private let layers: [PackedLayer]

    /// Reads the weights and packs them.
    /// - Parameters:
    ///   - examples: texts as tokens, to see what activations are like; needed for eight bits only.
    ///   - form: what the weights are rounded to.
    ///   - kernels: whose arithmetic is used.
    /// - Throws: ``LLMError`` if a tensor cannot be read, or there is no memory.
    init(
        _ weights: BertWeights,
        as form: PackedLinear.Form,
        examples: [[Int32]] = [],
        kernels: UnsafePointer<llmkit_kernels> = llmkit_kernels_best()
    ) throws(LLMError) {
        configuration = weights.configuration
        self.kernels = kernels.pointee
        let shape = weights.configuration
        let embeddingNorm = try weights.embeddingNorm()
        let positionRows = try weights.positionEmbeddings()
        let arena = try WeightArena(capacity: Self.size(form, shape))
        let words = try WordEmbeddings(weights)
        let positions = UnsafePointer(try arena.take(positionRows))
        let norm = try PackedNorm(embeddingNorm, arena)
        (self.arena, self.words, self.positions, self.norm) = (arena, words, positions, norm)
        var layers: [PackedLayer] = []
        guard form == .int8, !examples.isEmpty else {
            for index in 0..<shape.layerCount {
                layers.append(try PackedLayer(weights.layer(index), as: form, kernels: kernels, arena: arena))
            }
            self.layers = layers
            return
        }
        // The examples pass through each layer in float while it is at hand; its inputs tell how to round it.
        let tokens = examples.reduce(0) { $0 + $1.count }
        let workspace = EncoderWorkspace(shape, tokens: tokens)
        let scratch = try WeightArena(capacity: PackedLayer.size(.float32, shape))
        Self.embed(examples, workspace, shape, kernels.pointee, words, positions, norm)
        for index in 0..<shape.layerCount {
            let layer = try weights.layer(index)
            scratch.reset()
            let exact = try PackedLayer(layer, as: .float32, kernels: kernels, arena: scratch)
            var inputs: [ChannelStatistics] = []
            exact.pass(examples.map(\.count), workspace, shape, kernels.pointee) { rows, width in
                inputs.append(ChannelStatistics(of: rows, kinds: workspace.kinds, count: tokens, width: width))
            }
            layers.append(try PackedLayer(layer, as: .int8, inputs: inputs, kernels: kernels, arena: arena))
        }
        self.layers = layers
    }

    /// Runs texts through the encoder; the vectors of their tokens are left in `workspace.hidden`.
    /// - Parameters:
    ///   - texts: ids of at most ``BertConfiguration/maxPositions`` tokens each, each below the size of the vocabulary.
    ///   - workspace: with room for all their tokens.
    func run(_ texts: [[Int32]], _ workspace: EncoderWorkspace) {
        Self.embed(texts, workspace, configuration, kernels, words, positions, norm)
        let lengths = texts.map(\.count)
        for layer in layers { layer.pass(lengths, workspace, configuration, kernels) }
    }

    private static func embed(
        _ texts: [[Int32]],
        _ workspace: EncoderWorkspace,
        _ shape: BertConfiguration,
        _ kernels: llmkit_kernels,
        _ words: WordEmbeddings,
        _ positions: UnsafePointer<Float>,
        _ norm: PackedNorm
    ) {
        let hidden = workspace.hidden
        var row = 0
        for text in texts {
            for (position, id) in text.enumerated() {
                words.copy(id, into: hidden.row(row, count: shape.hiddenSize))
                (workspace.update.base + row * workspace.update.stride)
                    .update(from: positions + position * shape.hiddenSize, count: shape.hiddenSize)
                let isLast = position == text.count - 1
                workspace.kinds[row] = UInt8(
                    position == 0 ? llmkit_kind_first : isLast ? llmkit_kind_last : llmkit_kind_between
                )
                row += 1
            }
        }
        norm.apply(to: hidden, adding: workspace.update, count: row, shape, kernels)
    }

    private static func size(_ form: PackedLinear.Form, _ shape: BertConfiguration) -> Int {
        WeightArena.size(of: Float.self, count: shape.maxPositions * shape.hiddenSize)
            + PackedNorm.size(shape) + shape.layerCount * PackedLayer.size(form, shape)
    }
}
