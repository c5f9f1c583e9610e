import LLMKit

/// What stands behind the question mark of an address.
struct Query: Sendable {
    private var values: [String: String] = [:]

    /// Reads `a=1&b=2`; of a name that comes twice, the last counts. Percent signs stay, for no value that means
    /// anything here (numbers, ids of models) needs them.
    init(_ text: some StringProtocol) {
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = halves.first else { continue }
            values[String(name)] = halves.count > 1 ? String(halves[1]) : ""
        }
    }

    subscript(name: String) -> String? { values[name] }

    /// A whole number of the range, if there is one of this name.
    func int(_ name: String, in range: ClosedRange<Int>) throws(WireError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw .malformed(
                name,
                "\(name): Input should be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }
}
