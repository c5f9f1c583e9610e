/// Counts the work of a check, so that neither a schema nor a document can make it endless.
///
/// A step is what takes some ten nanoseconds: one instruction of a pattern at one character, one value compared. Counting
/// steps and not time makes the outcome the same on every machine and every day.
struct StepBudget: Sendable {
    /// A check that was given up.
    struct Exceeded: Error, Equatable {
        /// What it did too much of, such as "takes too many steps: more than 1000".
        var reason: String
    }

    let limit: Int
    private(set) var spent = 0

    init(_ limit: Int) { self.limit = limit }

    @inline(__always)
    mutating func spend(_ steps: Int) { spent &+= steps }

    /// - Throws: ``Exceeded`` if more was spent than there is.
    @inline(__always)
    func check() throws(Exceeded) {
        if spent > limit { throw Exceeded(reason: "takes too many steps: more than \(limit)") }
    }
}

extension StepBudget {
    /// What may be done on a thread of the cooperative pool: well under a millisecond.
    private static let inlineLimit = 30_000
    /// The longest text that is read there, in bytes.
    static let inlineBytes = 32 << 10

    /// Runs a check at once if it turns out to be short, else from the start again on a thread of its own.
    ///
    /// Nobody can tell beforehand how long a pattern or a schema takes on a text; counting while doing it can.
    /// - Parameters:
    ///   - bytes: the length of the text that is checked.
    ///   - limit: the steps that the check may take at all.
    ///   - check: gets a budget to spend.
    static func run<Value: Sendable>(
        bytes: Int,
        limit: Int,
        _ check: @escaping @Sendable (inout StepBudget) throws(Exceeded) -> Value
    ) async throws(Exceeded) -> Value {
        if bytes <= inlineBytes {
            var budget = StepBudget(min(limit, inlineLimit))
            if let value = try? check(&budget) { return value }
        }
        return try await WorkerPool.shared.run { () throws(Exceeded) in
            var budget = StepBudget(limit)
            return try check(&budget)
        }
    }
}
