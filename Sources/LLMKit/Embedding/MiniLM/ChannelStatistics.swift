import CKernels

/// What the inputs of a linear layer are like, channel by channel, over the tokens of some texts.
struct ChannelStatistics {
    /// The mean of each channel.
    var mean: [Float]
    /// The root of the mean square of what is left of each channel without its mean.
    var deviation: [Float]

    /// Of channels that nothing is known of.
    init(count: Int) {
        mean = [Float](repeating: 0, count: count)
        deviation = [Float](repeating: 1, count: count)
    }

    /// - Parameters:
    ///   - rows: the inputs, a token a row.
    ///   - count: how many rows; at least one.
    ///   - width: how many channels.
    init(of rows: FloatRows, count: Int, width: Int) {
        mean = [Float](repeating: 0, count: width)
        deviation = mean
        llmkit_channel_statistics(rows.base, rows.stride, count, width, &mean, &deviation)
    }
}
