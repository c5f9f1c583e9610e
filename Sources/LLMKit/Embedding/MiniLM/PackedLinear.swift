import CKernels

/// A linear layer whose weights are laid out, and rounded, the way a kernel reads them.
enum PackedLinear {
    case float32(llmkit_matrix_f32)
    case bfloat16(llmkit_matrix_bf16)
    case int8(llmkit_matrix_s8)
    /// As PyTorch stores them, for BLAS.
    case blas(llmkit_matrix_f32)

    /// What the weights are rounded to, or who multiplies by them.
    enum Form {
        case float32, bfloat16, int8, blas
    }

    /// - Parameters:
    ///   - inputs: what the layer's inputs are like; needed for eight bits only.
    ///   - arena: with as much room as ``size(_:depth:columns:)`` tells.
    init(
        _ linear: BertWeights.Linear,
        as form: Form,
        inputs: ChannelStatistics? = nil,
        kernels: UnsafePointer<llmkit_kernels>,
        arena: WeightArena
    ) throws(LLMError) {
        let (depth, columns) = (linear.depth, linear.bias.count)
        let padded = Self.padded(columns)
        let bias = linear.bias + [Float](repeating: 0, count: padded - columns)
        switch form {
        case .blas:
            let matrix = llmkit_matrix_f32(
                panels: try arena.take(linear.weights),
                bias: try arena.take(bias),
                depth: depth,
                columns: columns
            )
            self = .blas(matrix)
        case .float32:
            let panels = try arena.take(padded * depth, of: Float.self)
            llmkit_pack_f32(linear.weights, depth, depth, columns, panels)
            self = .float32(.init(panels: panels, bias: try arena.take(bias), depth: depth, columns: columns))
        case .bfloat16:
            let panels = try arena.take(padded * (depth + 1), of: UInt16.self)
            llmkit_pack_bf16(linear.weights, depth, depth, columns, panels)
            self = .bfloat16(.init(panels: panels, bias: try arena.take(bias), depth: depth, columns: columns))
        case .int8:
            let inputs = inputs ?? ChannelStatistics(count: depth)
            let smoothed = SmoothedLinear(linear, inputs: inputs, kernels: kernels)
            let panels = try arena.take(padded * (depth + 3), of: Int8.self)
            let scales = try arena.take(padded, of: Float.self)
            let offsets = try arena.take(padded, of: Int32.self)
            llmkit_pack_s8(smoothed.weights, depth, depth, columns, panels, scales, offsets)
            for column in 0..<columns { scales[column] /= Float(smoothed.rotation) }
            self = .int8(
                .init(
                    panels: panels,
                    bias: try arena.take(smoothed.biases),
                    scales: scales,
                    offsets: offsets,
                    shift: try arena.take(inputs.means),
                    factor: try arena.take(smoothed.factor),
                    depth: depth,
                    columns: columns,
                    rotation: smoothed.rotation
                )
            )
        }
    }

    /// How many bytes of an arena a layer takes at most.
    static func size(_ form: Form, depth: Int, columns: Int) -> Int {
        let padded = padded(columns)
        let floats = WeightArena.size(of: Float.self, count: padded)
        switch form {
        case .float32, .blas: return floats + WeightArena.size(of: Float.self, count: padded * depth)
        case .bfloat16: return floats + WeightArena.size(of: UInt16.self, count: padded * (depth + 1))
        case .int8:
            let channels = WeightArena.size(of: Float.self, count: depth)
            return (llmkit_kinds + 2) * floats + (llmkit_kinds + 1) * channels
                + WeightArena.size(of: Int8.self, count: padded * (depth + 3))
        }
    }

    /// `y = x W + b` for the first `count` rows of `x`.
    func multiply(
        _ x: FloatRows,
        count: Int,
        into y: FloatRows,
        _ workspace: EncoderWorkspace,
        _ kernels: llmkit_kernels
    ) {
        switch self {
        case .float32(var matrix):
            kernels.multiply_f32(&matrix, x.base, x.stride, count, y.base, y.stride)
        case .bfloat16(var matrix):
            let stride = workspace.roundedStride / 2
            let rounded = workspace.rounded.bindMemory(to: UInt16.self, capacity: stride * count)
            kernels.round_bf16(x.base, x.stride, count, matrix.depth, rounded, stride)
            kernels.multiply_bf16(&matrix, rounded, stride, count, y.base, y.stride)
        case .int8(var matrix):
            let stride = workspace.roundedStride
            let rounded = workspace.rounded.bindMemory(to: UInt8.self, capacity: stride * count)
            kernels.quantize(
                &matrix,
                x.base,
                x.stride,
                workspace.kinds,
                count,
                workspace.scratch,
                rounded,
                stride,
                workspace.scales
            )
            kernels.multiply_s8(
                &matrix,
                rounded,
                stride,
                workspace.scales,
                workspace.kinds,
                count,
                y.base,
                y.stride
            )
        case .blas(let matrix):
            for row in 0..<count { (y.base + row * y.stride).update(from: matrix.bias, count: matrix.columns) }
            var product = LinearAlgebra.Product(rows: count, columns: matrix.columns, depth: matrix.depth)
            product.isSecondTransposed = true
            product.firstStride = x.stride
            product.resultStride = y.stride
            product.isAdded = true
            LinearAlgebra.multiply(product, x.base, matrix.panels, into: y.base)
        }
    }

    /// The columns, rounded up to whole panels.
    static func padded(_ columns: Int) -> Int {
        let panel = llmkit_panel_width
        return (columns + panel - 1) / panel * panel
    }
}
