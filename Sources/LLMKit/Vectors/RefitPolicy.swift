/// When the filter is fitted anew.
struct RefitPolicy: Sendable {
    /// Below so many rows, comparing all in full is as fast.
    var leastRows = 2048
    /// From so many rows on, they are clustered.
    var leastClustered = 4096
    /// The share of rows that may be unfitted, or dead, before the next fit: scanning those costs more time.
    var share = 0.25
    /// At most so many rows decide on the rotation.
    var sample = 8192
    /// Whether fits begin by themselves, on the background thread.
    var isAutomatic = true

    func isDue(for writer: IndexWriter) -> Bool {
        guard isAutomatic else { return false }
        let live = writer.count
        let dead = writer.rows - live
        if live >= leastRows, writer.state.fit == nil { return true }
        if dead > max(256, live / 4) { return true }
        return live >= leastRows && Double(writer.changes) > max(Double(leastRows) / 2, share * Double(live))
    }
}
