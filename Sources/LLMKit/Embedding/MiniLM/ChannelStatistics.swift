import CKernels

/// What the inputs of a linear layer are like, channel by channel, over the tokens of some texts.
struct ChannelStatistics {
    /// The mean of each channel, for each kind of row: tokens between, at the front of, and at the end of a text.
    let means: [Float]
    /// The root of the mean square of what is left of each channel without its mean.
    let deviations: [Float]

    /// Of channels that nothing is known of.
    init(count: Int) {
        means = [Float](repeating: 0, count: llmkit_kinds * count)
        deviations = [Float](repeating: 1, count: count)
    }

    /// - Parameters:
    ///   - rows: the inputs, a token a row.
    ///   - kinds: the kinds of the rows.
    ///   - count: how many rows; at least one.
    ///   - width: how many channels.
    init(of rows: FloatRows, kinds: UnsafePointer<UInt8>, count: Int, width: Int) {
        var means = [Float](repeating: 0, count: llmkit_kinds * width)
        var deviations = [Float](repeating: 0, count: width)
        llmkit_channel_statistics(rows.base, rows.stride, kinds, count, width, &means, &deviations)
        (self.means, self.deviations) = (means, deviations)
    }
}
