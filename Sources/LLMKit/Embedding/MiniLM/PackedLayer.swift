import CKernels

/// A layer of a BERT encoder: attention and a feed-forward network, each added to its input and normalised.
struct PackedLayer {
    private let attention: PackedLinear
    private let output: PackedLinear
    private let outputNorm: PackedNorm
    private let up: PackedLinear
    private let down: PackedLinear
    private let norm: PackedNorm

    /// - Parameter inputs: what the inputs of the four products are like, in the order of ``pass(_:_:_:_:observe:)``;
    ///   needed for eight bits only.
    init(
        _ layer: BertWeights.Layer,
        as form: PackedLinear.Form,
        inputs: [ChannelStatistics] = [],
        kernels: UnsafePointer<llmkit_kernels>,
        arena: WeightArena
    ) throws(LLMError) {
        let inputs: [ChannelStatistics?] = inputs.count == 4 ? inputs : [nil, nil, nil, nil]
        func pack(_ linear: BertWeights.Linear, _ input: ChannelStatistics?) throws(LLMError) -> PackedLinear {
            try PackedLinear(linear, as: form, inputs: input, kernels: kernels, arena: arena)
        }
        // In the order in which a pass reads them.
        attention = try pack(layer.attention, inputs[0])
        output = try pack(layer.output, inputs[1])
        outputNorm = try PackedNorm(layer.outputNorm, arena)
        up = try pack(layer.up, inputs[2])
        down = try pack(layer.down, inputs[3])
        norm = try PackedNorm(layer.norm, arena)
    }

    /// How many bytes of an arena a layer takes at most.
    static func size(_ form: PackedLinear.Form, _ shape: BertConfiguration) -> Int {
        let (hidden, inner) = (shape.hiddenSize, shape.intermediateSize)
        let sizes = [(hidden, 3 * hidden), (hidden, hidden), (hidden, inner), (inner, hidden)]
        return sizes.reduce(2 * PackedNorm.size(shape)) {
            $0 + PackedLinear.size(form, depth: $1.0, columns: $1.1)
        }
    }

    /// Replaces `workspace.hidden` by what the layer makes of it.
    /// - Parameters:
    ///   - lengths: how many tokens each text has.
    ///   - observe: is shown the inputs of each of the four products, and how many channels they have.
    func pass(
        _ lengths: [Int],
        _ workspace: EncoderWorkspace,
        _ shape: BertConfiguration,
        _ kernels: llmkit_kernels,
        observe: (FloatRows, Int) -> Void = { _, _ in }
    ) {
        let count = lengths.reduce(0, +)
        let (hidden, update, inner, context) = (workspace.hidden, workspace.update, workspace.inner, workspace.context)

        observe(hidden, shape.hiddenSize)
        attention.multiply(hidden, count: count, into: workspace.attention, workspace, kernels)
        var first = 0
        for length in lengths where length > 0 {
            let (from, to) = (workspace.attention.from(first), context.from(first))
            kernels.attend(
                from.base,
                from.stride,
                length,
                shape.headCount,
                shape.headSize,
                workspace.scratch,
                to.base,
                to.stride
            )
            first += length
        }
        observe(context, shape.hiddenSize)
        output.multiply(context, count: count, into: update, workspace, kernels)
        outputNorm.apply(to: hidden, adding: update, count: count, shape, kernels)

        observe(hidden, shape.hiddenSize)
        up.multiply(hidden, count: count, into: inner, workspace, kernels)
        kernels.activate(shape.activation.kernel, inner.base, inner.stride, count, shape.intermediateSize)
        observe(inner, shape.intermediateSize)
        down.multiply(inner, count: count, into: update, workspace, kernels)
        norm.apply(to: hidden, adding: update, count: count, shape, kernels)
    }
}

/// The scale and shift of a layer normalisation.
struct PackedNorm {
    private let weight: UnsafePointer<Float>
    private let bias: UnsafePointer<Float>

    init(_ norm: BertWeights.Norm, _ arena: WeightArena) throws(LLMError) {
        weight = UnsafePointer(try arena.take(norm.weight))
        bias = UnsafePointer(try arena.take(norm.bias))
    }

    static func size(_ shape: BertConfiguration) -> Int {
        2 * WeightArena.size(of: Float.self, count: shape.hiddenSize)
    }

    func apply(
        to rows: FloatRows,
        adding update: FloatRows,
        count: Int,
        _ shape: BertConfiguration,
        _ kernels: llmkit_kernels
    ) {
        kernels.add_norm(
            rows.base,
            rows.stride,
            update.base,
            update.stride,
            count,
            shape.hiddenSize,
            weight,
            bias,
            shape.layerNormEpsilon
        )
    }
}

extension BertConfiguration.Activation {
    fileprivate var kernel: llmkit_activation {
        switch self {
        case .gelu: llmkit_activation_gelu
        case .geluTanh: llmkit_activation_gelu_tanh
        case .relu: llmkit_activation_relu
        }
    }
}
