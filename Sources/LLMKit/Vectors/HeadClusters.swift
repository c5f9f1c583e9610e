import CKernels

/// Groups of some hundred near rows each, with the angles to their centre: what a search may leave out as a whole.
///
/// The angle between a query and a row is at least the difference of their angles to a third vector (the triangle
/// inequality on the sphere). Centres are means of whole rows: unlike heads they see what rows have in common outside of
/// the leading directions.
///
/// Unchecked: nothing is written after `init`.
final class HeadClusters: @unchecked Sendable {
    /// The most rows of a cluster: a search looks at every centre, so there must not be too many.
    static func rows(of count: Int) -> Int { max(384, count / 4096) }

    private let count: Int
    private let clusters: MemoryBlock
    private let centres: MemoryBlock
    private let rings: MemoryBlock
    private var longest = 0.0

    var byteCount: Int { clusters.byteCount + centres.byteCount + rings.byteCount }

    /// - Parameters:
    ///   - order: places of `slots` by clusters, each but the last of whole blocks; inside a cluster they are put in the
    ///     order of their angle.
    ///   - ends: where the clusters end.
    ///   - slots: the rows.
    init(_ order: inout [UInt32], ends: [Int], plan: RefitPlan, slots: [UInt32], kernels: VectorKernels) {
        let dimensions = plan.state.layout.paddedDimensions
        count = ends.count
        clusters = MemoryBlock(byteCount: count * MemoryLayout<llmkit_cluster>.stride)
        centres = MemoryBlock(byteCount: count * dimensions * 2)
        let blocks = (order.count + RowLayout.chunkRows - 1) / RowLayout.chunkRows
        rings = MemoryBlock(byteCount: blocks * MemoryLayout<llmkit_ring>.stride)
        var first = 0
        for (cluster, end) in ends.enumerated() {
            let members = order[first..<end].map { slots[Int($0)] }
            let centre = centres.pointer(to: UInt16.self) + cluster * dimensions
            let angles = Angles(members, around: centre, plan: plan, dimensions: dimensions, kernels: kernels)
            longest = max(longest, angles.longest)
            let sorted = (0..<members.count).sorted { angles.cosines[$0] > angles.cosines[$1] }
            let before = Array(order[first..<end])
            for (place, member) in sorted.enumerated() { order[first + place] = before[member] }
            for start in stride(from: 0, to: members.count, by: RowLayout.chunkRows) {
                let last = min(members.count, start + RowLayout.chunkRows) - 1
                rings.pointer(to: llmkit_ring.self)[(first + start) / RowLayout.chunkRows] = llmkit_ring(
                    inner: angles.cosines[sorted[start]] + angles.error,
                    outer: angles.cosines[sorted[last]] - angles.error
                )
            }
            clusters.pointer(to: llmkit_cluster.self)[cluster] = llmkit_cluster(
                first: UInt32(first / RowLayout.chunkRows),
                end: UInt32((end + RowLayout.chunkRows - 1) / RowLayout.chunkRows),
                centre_length: Float(angles.centreLength)
            )
            first = end
        }
    }

    func describe(_ view: inout llmkit_index_view) {
        view.clusters = UnsafePointer(clusters.pointer(to: llmkit_cluster.self))
        view.cluster_count = count
        view.centres = UnsafePointer(centres.pointer(to: UInt16.self))
        view.rings = UnsafePointer(rings.pointer(to: llmkit_ring.self))
        view.longest = Float(longest).nextUp
    }
}

/// The cosines of some rows to their mean.
private struct Angles {
    var cosines: [Double] = []
    var centreLength = 0.0
    /// The longest row.
    var longest = 0.0
    /// How far a cosine may be off.
    let error: Double

    /// - Parameter centre: where the mean goes, in half precision; the cosines are to what stands there then.
    init(
        _ rows: [UInt32],
        around centre: UnsafeMutablePointer<UInt16>,
        plan: RefitPlan,
        dimensions: Int,
        kernels: VectorKernels
    ) {
        error = 4 * Double(dimensions) * 0x1p-24 + 1e-6
        var row = [Float](repeating: 0, count: dimensions)
        var mean = [Float](repeating: 0, count: dimensions)
        for slot in rows {
            plan.read(slot, into: &row)
            for place in 0..<dimensions { mean[place] += row[place] }
        }
        let length = Double(kernels.dot(mean, mean, dimensions)).squareRoot()
        if length > 1e-6 {
            let scale = Float(1 / length)
            for place in 0..<dimensions { mean[place] *= scale }
        } else {
            mean[0] = 1
        }
        llmkit_halves_from_floats(mean, dimensions, centre)
        llmkit_floats_from_halves(centre, dimensions, &mean)
        centreLength = Double(kernels.dot(mean, mean, dimensions)).squareRoot()
        for slot in rows {
            plan.read(slot, into: &row)
            let rowLength = Double(kernels.dot(row, row, dimensions)).squareRoot()
            longest = max(longest, rowLength * (1 + error))
            cosines.append(Double(kernels.dot(row, mean, dimensions)) / (rowLength * centreLength))
        }
    }
}

extension llmkit_ring {
    fileprivate init(inner: Double, outer: Double) {
        let (inner, outer) = (min(1, inner), max(-1, outer))
        self.init(
            inner_cosine: Float(inner),
            inner_sine: Float(max(0, 1 - inner * inner).squareRoot()),
            outer_cosine: Float(outer),
            outer_sine: Float(max(0, 1 - outer * outer).squareRoot())
        )
    }
}
