import LLMKit

/// What a conformance suite found: every rule that was broken, in words.
public struct ConformanceFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was checked, such as `ModelProvider`.
    public var role: String
    public var broken: [String]

    public var description: String {
        "\(broken.count) broken rule\(broken.count == 1 ? "" : "s") of \(role): \(broken.joined(separator: "; "))"
    }
}

/// Collects broken rules, so that one run shows them all.
final class ConformanceReport {
    let role: String
    private var broken: [String] = []

    init(_ role: String) { self.role = role }

    func expect(_ isKept: Bool, _ rule: @autoclosure () -> String) {
        if !isKept { broken.append(rule()) }
    }

    func fail(_ rule: String) { broken.append(rule) }

    /// Runs a part of the suite; an error it throws is a broken rule.
    @discardableResult
    func run<Value>(_ what: String, _ body: () async throws -> Value) async -> Value? {
        do {
            return try await body()
        } catch {
            broken.append("\(what) threw \(error)")
            return nil
        }
    }

    func finish() throws(ConformanceFailure) {
        if !broken.isEmpty { throw ConformanceFailure(role: role, broken: broken) }
    }
}

/// Something took longer than the suite's patience.
struct OutOfPatience: Error, CustomStringConvertible {
    var description: String { "no result within the suite's patience" }
}

/// Runs something that must end soon, and leaves it behind if it does not.
func patiently<Value: Sendable>(
    _ patience: Duration,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let limit = TimeLimit.clock(.total, patience, from: .now)
    do {
        return try await withTimeLimit(limit, SystemTime(), work)
    } catch let error as LLMError where error.message == limit?.error.message {
        throw OutOfPatience()
    }
}
