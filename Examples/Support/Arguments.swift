/// A command line, split into options and words.
///
/// Knows `--name value`, `--name=value`, flags without a value, `--` (everything after it is a word) and `-` (a word).
public struct Arguments {
    /// A mistake of whoever typed the command, in words for them.
    public struct Mistake: Error, CustomStringConvertible {
        public let description: String
        public init(_ description: String) { self.description = description }
    }

    private var values: [String: String] = [:]
    private var flags: Set<String> = []
    public private(set) var words: [String] = []

    /// Splits the words after the program's name.
    ///
    /// - Parameters:
    ///   - line: the words.
    ///   - valued: the names of options that take a value, with their dashes.
    ///   - known: the names of options that stand alone.
    /// - Throws: ``Mistake`` for an unknown option, one without its value, or one that is given twice.
    public init(_ line: some Sequence<String>, valued: Set<String>, flags known: Set<String>) throws(Mistake) {
        var rest = Array(line)[...]
        while let word = rest.popFirst() {
            if word == "--" {
                words += rest
                return
            }
            guard word.hasPrefix("-"), word.count > 1 else {
                words.append(word)
                continue
            }
            let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = halves[0]
            if valued.contains(name) {
                guard let value = halves.count > 1 ? halves[1] : rest.popFirst() else {
                    throw Mistake("\(name) needs a value")
                }
                guard values.updateValue(value, forKey: name) == nil else { throw Mistake("\(name) is given twice") }
            } else if known.contains(name) {
                guard halves.count == 1 else { throw Mistake("\(name) takes no value") }
                flags.insert(name)
            } else {
                throw Mistake("unknown option \(name)")
            }
        }
    }

    public func contains(_ flag: String) -> Bool { flags.contains(flag) }

    public subscript(name: String) -> String? { values[name] }

    /// A whole number of the range.
    public func int(_ name: String, in range: ClosedRange<Int>) throws(Mistake) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw Mistake("\(name) needs a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return value
    }

    /// A number of the range.
    public func double(_ name: String, in range: ClosedRange<Double>) throws(Mistake) -> Double? {
        guard let text = values[name] else { return nil }
        guard let value = Double(text), range.contains(value) else {
            throw Mistake("\(name) needs a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return value
    }
}
