extension SemanticMemory {
    /// One thread for the fits of all caches: they are rare, and none is urgent.
    private static let metricWorker = SerialWorker("llmkit.metric")

    /// So many entries are looked up under one lock.
    private static let batch = 1024

    /// Fits a partition's metric on a thread of its own.
    func fitMetricLater(_ partition: Fingerprint) {
        Self.metricWorker.enqueue { [weak self] in self?.fitMetric(partition) }
    }

    /// Fits on the calling thread what has been noted as due; waits for no fit under way.
    func fitMetric(_ partition: Fingerprint) {
        guard let (fit, vectors) = beginMetric(of: partition) else { return }
        var ids: [Int64] = []
        var answers: [UInt64] = []
        let known = vectors.ids.sorted()
        for start in stride(from: 0, to: known.count, by: Self.batch) {
            for (id, answer) in self.answers(of: known[start..<min(start + Self.batch, known.count)]) {
                ids.append(id)
                answers.append(answer)
            }
        }
        let metric = AnswerMetric(answers: answers, dimensions: dimensions) { vectors.vector(ids[$0]) }
        endMetric(of: partition, metric, fit)
    }
}
