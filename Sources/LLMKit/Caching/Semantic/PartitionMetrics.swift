/// The metrics of a cache's partitions, and when each is to be fitted anew.
struct PartitionMetrics: Sendable {
    private struct Record: Sendable {
        var metric: AnswerMetric?
        /// Insertions and removals since the last fit began.
        var changes = 0
        /// The number of the fit under way.
        var fit: Int?
        /// Whether something that this fit may have seen was erased meanwhile.
        var isVoid = false
    }

    /// `nil` if this cache's policy has no use for any.
    private let dimensions: Int?
    private var records: [Fingerprint: Record] = [:]
    private var lastFit = 0
    /// The memory that all of them take.
    private(set) var bytes = 0

    /// - Parameters:
    ///   - dimensions: of the vectors.
    ///   - isNeeded: whether the policy looks at metrics.
    ///   - byteLimit: of the whole cache: a metric that took a large part of it would drive out what it is to help.
    init(dimensions: Int, isNeeded: Bool, byteLimit: Int) {
        let isSmall = dimensions <= AnswerMetric.mostDimensions && dimensions * dimensions * 4 <= byteLimit / 8
        self.dimensions = isNeeded && isSmall ? dimensions : nil
    }

    subscript(partition: Fingerprint) -> AnswerMetric? { records[partition]?.metric }

    /// Notes a change of a partition.
    /// - Parameter count: how many vectors it holds now.
    /// - Returns: whether a fit is to begin: ``begin(_:)``.
    mutating func note(_ partition: Fingerprint, count: Int) -> Bool {
        guard let dimensions else { return false }
        guard count > 0 else {
            bytes -= records.removeValue(forKey: partition).map(Self.bytes) ?? 0
            return false
        }
        if records[partition] == nil { bytes += Self.bytes(Record()) }
        var record = records[partition] ?? Record()
        record.changes += 1
        records[partition] = record
        return Self.isDue(record, count, dimensions)
    }

    /// Forgets what was learned from vectors that are erased.
    /// - Parameter count: how many vectors are left.
    /// - Returns: whether a fit is to begin.
    mutating func erase(_ partition: Fingerprint, count: Int) -> Bool {
        guard let dimensions, var record = records[partition] else { return false }
        bytes -= record.metric?.bytes ?? 0
        record.metric = nil
        record.isVoid = record.fit != nil
        record.changes = max(record.changes, count)
        records[partition] = record
        return Self.isDue(record, count, dimensions)
    }

    /// Marks the beginning of a fit.
    /// - Returns: its number; `nil` if the partition is gone, or being fitted.
    mutating func begin(_ partition: Fingerprint) -> Int? {
        guard var record = records[partition], record.fit == nil else { return nil }
        lastFit += 1
        record.fit = lastFit
        record.changes = 0
        records[partition] = record
        return lastFit
    }

    /// Adopts the result of a fit, unless its partition has gone, or had something erased, meanwhile.
    /// - Parameters:
    ///   - metric: `nil` if there is too little to learn from.
    ///   - fit: the number of the fit.
    ///   - count: how many vectors the partition holds now.
    /// - Returns: whether another fit is to begin.
    mutating func end(_ partition: Fingerprint, _ metric: AnswerMetric?, fit: Int, count: Int) -> Bool {
        guard let dimensions, var record = records[partition], record.fit == fit else { return false }
        if !record.isVoid {
            bytes += (metric?.bytes ?? 0) - (record.metric?.bytes ?? 0)
            record.metric = metric
        }
        record.fit = nil
        record.isVoid = false
        records[partition] = record
        return Self.isDue(record, count, dimensions)
    }

    /// Each time that a quarter has changed, so that all fits together take no more than a few of the last.
    private static func isDue(_ record: Record, _ count: Int, _ dimensions: Int) -> Bool {
        guard record.fit == nil, record.changes * 4 >= count else { return false }
        return record.metric != nil || count > AnswerMetric.leastDeviations(dimensions)
    }

    /// With its place in the table.
    private static func bytes(_ record: Record) -> Int { 96 + (record.metric?.bytes ?? 0) }
}
