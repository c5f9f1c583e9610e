/// The metrics of a cache whose own questions are asked, each judged by one that has not seen it.
///
/// A metric that has seen a question has counted its way from its answer's mean among mere wording, and finds it nearer to its
/// answer than a new one would be.
struct FoldedMetrics {
    private static let folds: UInt64 = 5

    /// Of all entries, for questions that are none.
    private let whole: AnswerMetric?
    /// Without the entries of a fold.
    private let parts: [AnswerMetric?]
    private let entries: Set<Int>

    /// - Parameters:
    ///   - entries: the number of each, and of its answer.
    ///   - vector: of an entry, by its number.
    init(_ entries: [(row: Int, answer: UInt64)], dimensions: Int, vector: (Int) -> [Float]) {
        func metric(_ some: [(row: Int, answer: UInt64)]) -> AnswerMetric? {
            AnswerMetric(answers: some.map(\.answer), dimensions: dimensions) { vector(some[$0].row) }
        }
        self.entries = Set(entries.map(\.row))
        let whole = metric(entries)
        let parts =
            whole == nil
            ? [] : (0..<Self.folds).map { fold in metric(entries.filter { Self.fold($0.row) != fold }) }
        // One meaning for all samples, or none.
        let isWhole = parts.allSatisfy { $0 != nil }
        self.whole = isWhole ? whole : nil
        self.parts = isWhole ? parts : []
    }

    /// The metric to look at a question with, be it an entry or not.
    func metric(for question: Int) -> AnswerMetric? {
        guard entries.contains(question), !parts.isEmpty else { return whole }
        return parts[Int(Self.fold(question))]
    }

    private static func fold(_ row: Int) -> UInt64 {
        SeededGenerator.mixed(0xF01D &+ UInt64(row) &* 0x9E37_79B9_7F4A_7C15) % folds
    }
}
