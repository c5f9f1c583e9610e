/// A number of tokens, as far as a vendor has reported it.
typealias TokenCount = Int?

extension TokenCount {
    /// Takes the same number told once more in one report, perhaps by another name: the higher counts.
    @inline(__always)
    mutating func raise(to value: Int?) {
        guard let value else { return }
        self = Swift.max(self ?? 0, value)
    }

    /// Takes the number of a later report.
    /// - Parameter replaces: whether the report knows better than those before it. Zeros and gaps replace nothing.
    @inline(__always)
    mutating func merge(_ value: Int?, replaces: Bool) {
        guard let value else { return }
        self = replaces && value > 0 ? value : Swift.max(self ?? 0, value)
    }
}
