import CKernels

/// A linear layer made ready for eight bits.
///
/// Rounding a row of activations to 255 steps of its largest element costs all small ones their digits, and BERT's
/// activations have few very large channels. So, with exactly the same product in exact arithmetic:
/// - the channels' means are subtracted, those of texts' first and last tokens apart, and their product added to the bias
///   once;
/// - each channel is divided by a factor, and its weights multiplied by it, such that activations and weights share
///   the burden: the square root of (deviation of the channel / root mean square of its weights), which minimises the
///   sum of the squared rounding errors (the idea is SmoothQuant's; Xiao et al., ICML 2023);
/// - both are rotated by a Walsh-Hadamard transform, which makes all channels of a block alike (as in QuaRot; Ashkboos
///   et al., NeurIPS 2024).
struct SmoothedLinear {
    /// One rotated row for each output, still in float, and `rotation` times too large in the product.
    let weights: [Float]
    /// The bias with the product of the means, for each kind of row, filled up to whole panels.
    let biases: [Float]
    /// What activations are multiplied by.
    let factor: [Float]
    /// How many channels a transform mixes: the largest power of two that divides their count, up to a limit.
    let rotation: Int

    init(_ linear: BertWeights.Linear, inputs: ChannelStatistics, kernels: UnsafePointer<llmkit_kernels>) {
        let depth = linear.depth
        let columns = linear.bias.count
        let stride = PackedLinear.padded(columns)
        var weights = linear.weights
        var biases = [Float](repeating: 0, count: llmkit_kinds * stride)
        var factor = [Float](repeating: 0, count: depth)
        llmkit_smooth(
            &weights,
            depth,
            columns,
            inputs.means,
            inputs.deviations,
            linear.bias,
            &biases,
            stride,
            &factor
        )
        let rotation = min(llmkit_rotation_limit, depth & -depth)
        weights.withUnsafeMutableBufferPointer { weights in
            if let first = weights.baseAddress { kernels.pointee.rotate(first, weights.count, rotation) }
        }
        self.weights = weights
        self.biases = biases
        self.factor = factor
        self.rotation = rotation
    }
}
