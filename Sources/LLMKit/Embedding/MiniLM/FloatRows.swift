/// Rows of floats in memory of somebody else's: one row a token, each starting `stride` floats after the one before.
///
/// Valid as long as its memory.
struct FloatRows {
    let base: UnsafeMutablePointer<Float>
    let stride: Int

    /// The rows from `index` on.
    func from(_ index: Int) -> FloatRows { FloatRows(base: base + index * stride, stride: stride) }

    func row(_ index: Int, count: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: base + index * stride, count: count)
    }
}
