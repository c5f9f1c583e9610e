/// One check of one document.
struct SchemaRun {
    typealias Violation = JSONSchemaValidator.Violation
    typealias Exceeded = StepBudget.Exceeded

    let nodes: [[SchemaRule]]
    /// Alternatives inside alternatives can take exponential time, and patterns may be large.
    private(set) var budget: StepBudget
    private var path: [String] = []
    private var depth = 0
    /// Above zero inside alternatives, whose violations nobody will read: they are then not worth their text.
    private var silence = 0

    /// Levels of the document times the references at each; keeps the stack of a small thread safe.
    private static let depthLimit = 300

    init(nodes: [[SchemaRule]], budget: StepBudget) {
        self.nodes = nodes
        self.budget = budget
    }

    mutating func check(_ value: JSONValue) throws(Exceeded) -> Violation? { try check(value, against: 0) }

    private func violation(_ reason: @autoclosure () -> String) -> Violation {
        silence > 0 ? Violation(pointer: "", reason: "") : Violation(pointer: path.jsonPointer, reason: reason())
    }

    private mutating func spend(_ steps: Int) throws(Exceeded) {
        budget.spend(steps)
        try budget.check()
    }

    private mutating func check(_ value: JSONValue, against node: Int) throws(Exceeded) -> Violation? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw Exceeded(reason: "leads through more than \(Self.depthLimit) subschemas inside each other")
        }
        for rule in nodes[node] {
            try spend(1)
            if let violation = try check(value, rule) { return violation }
        }
        return nil
    }

    private mutating func passes(_ value: JSONValue, _ node: Int) throws(Exceeded) -> Bool {
        silence += 1
        defer { silence -= 1 }
        return try check(value, against: node) == nil
    }

    private mutating func check(_ value: JSONValue, _ rule: SchemaRule) throws(Exceeded) -> Violation? {
        switch rule {
        case .never: return violation("is not allowed here")
        case .types(let types):
            guard !types.contains(where: { $0.includes(value) }) else { return nil }
            return violation("is not of type \(types.map(\.rawValue).sorted().joined(separator: " or "))")
        case .choices(let choices):
            return try choices.contains(value, within: &budget) ? nil : violation("is none of the allowed values")
        case .allOf(let nodes):
            for node in nodes {
                if let violation = try check(value, against: node) { return violation }
            }
            return nil
        case .anyOf(let nodes):
            for node in nodes where try passes(value, node) { return nil }
            return violation("fits none of the alternatives of anyOf")
        case .oneOf(let nodes):
            var count = 0
            for node in nodes where try passes(value, node) { count += 1 }
            return count == 1 ? nil : violation("fits \(count) of the alternatives of oneOf, not exactly one")
        case .not(let node): return try passes(value, node) ? violation("fits what 'not' forbids") : nil
        case .condition(let test, let then, let otherwise):
            guard let node = try passes(value, test) ? then : otherwise else { return nil }
            return try check(value, against: node)
        default: break
        }
        switch value {
        case .object(let members): return try check(members, rule)
        case .array(let elements): return try check(elements, rule)
        case .string(let string): return try check(string, rule)
        case .number(let number): return try check(number, rule)
        case .null, .bool: return nil
        }
    }

    private mutating func check(
        _ members: [ExactString: JSONValue],
        _ rule: SchemaRule
    ) throws(Exceeded) -> Violation? {
        switch rule {
        case .required(let names):
            for name in names {
                try spend(1 + name.steps)
                if members[name] == nil { return violation("lacks the property '\(name.text)'") }
            }
        case .memberCount(let least, let most): return check(count: members.count, least, most, "properties")
        case .memberNames(let node):
            for name in members.keys where try !passes(.string(name), node) {
                return violation("has a property whose name is not allowed")
            }
        case .members(let named, let patterns, let others):
            // Sorted, so that of several violations always the same one is reported.
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                try spend(1 + name.steps)
                path.append(name.text)
                defer { path.removeLast() }
                var isKnown = false
                if let node = named[name] {
                    isKnown = true
                    if let violation = try check(member, against: node) { return violation }
                }
                for pattern in patterns where try pattern.expression.matches(name.text, within: &budget) {
                    isKnown = true
                    if let violation = try check(member, against: pattern.node) { return violation }
                }
                if !isKnown, let others, let violation = try check(member, against: others) { return violation }
            }
        default: break
        }
        return nil
    }

    private mutating func check(_ elements: [JSONValue], _ rule: SchemaRule) throws(Exceeded) -> Violation? {
        switch rule {
        case .elementCount(let least, let most): return check(count: elements.count, least, most, "elements")
        case .uniqueElements:
            for element in elements { try spend(element.steps) }
            return Set(elements).count == elements.count ? nil : violation("has two equal elements")
        case .elements(let prefix, let rest):
            for (index, element) in elements.enumerated() {
                guard let node = index < prefix.count ? prefix[index] : rest else { break }
                path.append("\(index)")
                defer { path.removeLast() }
                if let violation = try check(element, against: node) { return violation }
            }
        default: break
        }
        return nil
    }

    private mutating func check(_ string: ExactString, _ rule: SchemaRule) throws(Exceeded) -> Violation? {
        switch rule {
        case .length(let least, let most):
            try spend(string.steps)
            return check(count: string.text.unicodeScalars.count, least, most, "characters")
        case .pattern(let expression):
            let isMatch = try expression.matches(string.text, within: &budget)
            return isMatch ? nil : violation("does not match its pattern")
        default: return nil
        }
    }

    private mutating func check(_ number: JSONNumber, _ rule: SchemaRule) throws(Exceeded) -> Violation? {
        switch rule {
        case .multiple(let divisor):
            try spend(1 + number.digits.count >> 2)
            return number.isMultiple(of: divisor) ? nil : violation("is no multiple of \(divisor)")
        case .bounds(let bounds):
            try spend(1 + number.digits.count >> 4)
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
