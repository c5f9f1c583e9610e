/// The command line after the benchmark's name: `--name value` pairs, and switches without a value.
struct Options {
    private var values: [String: String] = [:]
    private var switches: Set<String> = []

    private static let known: Set = [
        "url", "mode", "conc", "secs", "key", "model", "bytes", "calls", "port", "rows", "threshold", "vectors", "k",
        "queries", "dump", "train", "dev", "test", "error", "confidence", "seed", "train-vectors", "dev-vectors",
        "test-vectors", "twins", "twins-vectors", "file", "stream", "questions", "loan", "pace", "ca", "prior-from",
        "prior-to",
    ]
    private static let knownSwitches: Set = ["bare", "f16", "int8", "bf16", "list", "any", "calibrated"]

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let name = String(argument.drop { $0 == "-" })
            if Self.knownSwitches.contains(name) {
                switches.insert(name)
            } else if argument.hasPrefix("--"), Self.known.contains(name) {
                guard let value = rest.popFirst() else { throw UsageError(message: "--\(name) needs a value") }
                values[name] = value
            } else {
                throw UsageError(message: "unknown option '\(argument)'")
            }
        }
    }

    func has(_ name: String) -> Bool { switches.contains(name) }

    func text(_ name: String, _ fallback: String) -> String { values[name] ?? fallback }

    func optionalText(_ name: String) -> String? { values[name] }

    func int(_ name: String, _ fallback: Int) throws -> Int {
        guard let text = values[name] else { return fallback }
        guard let number = Int(text), number > 0 else {
            throw UsageError(message: "--\(name) must be a whole number above zero, not '\(text)'")
        }
        return number
    }

    func double(_ name: String, _ fallback: Double) throws -> Double {
        guard let text = values[name] else { return fallback }
        guard let number = Double(text), number > 0 else {
            throw UsageError(message: "--\(name) must be a number above zero, not '\(text)'")
        }
        return number
    }
}

/// The command line makes no sense.
struct UsageError: Error, CustomStringConvertible {
    var message: String
    var description: String { message }
}
