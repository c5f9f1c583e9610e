/// One check of one document.
struct SchemaRun {
    typealias Violation = JSONSchemaValidator.Violation

    let nodes: [[SchemaRule]]
    private var path: [String] = []
    private var steps = 0
    private var depth = 0
    private var isExhausted = false

    /// Above zero inside alternatives, whose violations nobody will read: they are then not worth their text.
    private var silence = 0

    /// Alternatives inside alternatives can take exponential time.
    private let stepLimit: Int
    /// Levels of the document times the references at each; keeps the stack of a small thread safe.
    private static let depthLimit = 300

    init(nodes: [[SchemaRule]], stepLimit: Int) {
        self.nodes = nodes
        self.stepLimit = stepLimit
    }

    mutating func check(_ value: JSONValue) -> Violation? {
        let violation = check(value, against: 0)
        // Also where `not` has turned the violation around.
        return isExhausted
            ? Violation(pointer: "", reason: "takes too many steps to check against the schema") : violation
    }

    private func violation(_ reason: @autoclosure () -> String) -> Violation {
        silence > 0 ? Violation(pointer: "", reason: "") : Violation(pointer: path.jsonPointer, reason: reason())
    }

    private mutating func check(_ value: JSONValue, against node: Int) -> Violation? {
        depth += 1
        defer { depth -= 1 }
        for rule in nodes[node] {
            steps += 1
            guard steps <= stepLimit, depth <= Self.depthLimit else {
                isExhausted = true
                return violation("takes too many steps")
            }
            if let violation = check(value, rule) { return violation }
        }
        return nil
    }

    private mutating func passes(_ value: JSONValue, _ node: Int) -> Bool {
        silence += 1
        defer { silence -= 1 }
        return check(value, against: node) == nil
    }

    private mutating func check(_ value: JSONValue, _ rule: SchemaRule) -> Violation? {
        switch rule {
        case .never: return violation("is not allowed here")
        case .types(let types):
            guard !types.contains(where: { $0.includes(value) }) else { return nil }
            return violation("is not of type \(types.map(\.rawValue).sorted().joined(separator: " or "))")
        case .choices(let choices):
            return choices.contains(value) ? nil : violation("is none of the allowed values")
        case .allOf(let nodes):
            for node in nodes {
                if let violation = check(value, against: node) { return violation }
            }
            return nil
        case .anyOf(let nodes):
            for node in nodes where passes(value, node) { return nil }
            return violation("fits none of the alternatives of anyOf")
        case .oneOf(let nodes):
            var count = 0
            for node in nodes where passes(value, node) { count += 1 }
            return count == 1 ? nil : violation("fits \(count) of the alternatives of oneOf, not exactly one")
        case .not(let node): return passes(value, node) ? violation("fits what 'not' forbids") : nil
        case .condition(let test, let then, let otherwise):
            guard let node = passes(value, test) ? then : otherwise else { return nil }
            return check(value, against: node)
        default: break
        }
        switch value {
        case .object(let members): return check(members, rule)
        case .array(let elements): return check(elements, rule)
        case .string(let string): return check(string.text, rule)
        case .number(let number): return check(number, rule)
        case .null, .bool: return nil
        }
    }

    private mutating func check(_ members: [ExactString: JSONValue], _ rule: SchemaRule) -> Violation? {
        switch rule {
        case .required(let names):
            return names.first { members[$0] == nil }.map { violation("lacks the property '\($0.text)'") }
        case .memberCount(let least, let most): return check(count: members.count, least, most, "properties")
        case .memberNames(let node):
            for name in members.keys {
                if passes(.string(name), node) { continue }
                return violation("has a property whose name is not allowed")
            }
        case .members(let named, let patterns, let others):
            // Sorted, so that of several violations always the same one is reported.
            for (name, member) in members.sorted(by: { $0.key.text < $1.key.text }) {
                path.append(name.text)
                defer { path.removeLast() }
                var isKnown = false
                if let node = named[name] {
                    isKnown = true
                    if let violation = check(member, against: node) { return violation }
                }
                for pattern in patterns where pattern.expression.matches(name.text) {
                    isKnown = true
                    if let violation = check(member, against: pattern.node) { return violation }
                }
                if !isKnown, let others, let violation = check(member, against: others) { return violation }
            }
        default: break
        }
        return nil
    }

    private mutating func check(_ elements: [JSONValue], _ rule: SchemaRule) -> Violation? {
        switch rule {
        case .elementCount(let least, let most): return check(count: elements.count, least, most, "elements")
        case .uniqueElements:
            return Set(elements).count == elements.count ? nil : violation("has two equal elements")
        case .elements(let prefix, let rest):
            for (index, element) in elements.enumerated() {
                guard let node = index < prefix.count ? prefix[index] : rest else { break }
                path.append("\(index)")
                defer { path.removeLast() }
                if let violation = check(element, against: node) { return violation }
            }
        default: break
        }
        return nil
    }

    private func check(_ text: String, _ rule: SchemaRule) -> Violation? {
        switch rule {
        case .length(let least, let most):
            return check(count: text.unicodeScalars.count, least, most, "characters")
        case .pattern(let expression): return expression.matches(text) ? nil : violation("does not match its pattern")
        default: return nil
        }
    }

    private func check(_ number: JSONNumber, _ rule: SchemaRule) -> Violation? {
        switch rule {
        case .multiple(let divisor):
            return number.isMultiple(of: divisor) ? nil : violation("is no multiple of \(divisor)")
        case .bounds(let bounds):
            if let least = bounds.minimum, number < least { return violation("is below \(least)") }
            if let most = bounds.maximum, number > most { return violation("is above \(most)") }
            if let least = bounds.exclusiveMinimum, number <= least { return violation("is not above \(least)") }
            if let most = bounds.exclusiveMaximum, number >= most { return violation("is not below \(most)") }
            return nil
        default: return nil
        }
    }

    private func check(count: Int, _ least: Int?, _ most: Int?, _ what: String) -> Violation? {
        if let least, count < least { return violation("has \(count) \(what), fewer than \(least)") }
        if let most, count > most { return violation("has \(count) \(what), more than \(most)") }
        return nil
    }
}
