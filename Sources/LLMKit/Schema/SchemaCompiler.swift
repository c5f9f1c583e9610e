/// Turns the tree of a schema into rules.
///
/// Subschemas wait in a list instead of being compiled by recursion, so neither nesting nor chains of `$ref` cost stack.
struct SchemaCompiler {
    struct Failure: Error {
        var pointer: String
        var reason: String
    }

    private struct Pending {
        var index: Int
        var value: JSONValue
        var pointer: [String]
    }

    private let root: JSONValue
    private var nodes: [[SchemaRule]] = []
    private var indices: [[String]: Int] = [:]
    private var pending: [Pending] = []

    /// No schema for a model's answer comes near it.
    private static let nodeLimit = 10_000
    /// Longest chain of subschemas that look at one value, such as `$ref` to `$ref`.
    private static let chainLimit = 32

    init(root: JSONValue) { self.root = root }

    mutating func compile() throws(Failure) -> [[SchemaRule]] {
        _ = try node(for: root, at: [])
        while let next = pending.popLast() {
            var members = SchemaMembers(next.value, at: next.pointer)
            nodes[next.index] = try rules(of: &members)
            try members.finish()
        }
        try checkChains()
        return nodes
    }

    /// The node of a subschema; a place that two refer to is compiled once.
    private mutating func node(for value: JSONValue, at pointer: [String]) throws(Failure) -> Int {
        if let index = indices[pointer] { return index }
        guard nodes.count < Self.nodeLimit else {
            throw Failure(pointer: pointer.jsonPointer, reason: "more than \(Self.nodeLimit) subschemas")
        }
        let index = nodes.count
        nodes.append([])
        indices[pointer] = index
        pending.append(Pending(index: index, value: value, pointer: pointer))
        return index
    }

    private mutating func node(_ key: String, of members: inout SchemaMembers) throws(Failure) -> Int? {
        guard let value = try members.take(key) else { return nil }
        return try node(for: value, at: members.pointer + [key])
    }

    private mutating func list(_ key: String, of members: inout SchemaMembers) throws(Failure) -> [Int]? {
        guard let value = try members.take(key) else { return nil }
        guard case .array(let values) = value, !values.isEmpty else {
            throw members.failure(key, "must be an array of at least one schema")
        }
        var list: [Int] = []
        for (index, value) in values.enumerated() {
            list.append(try node(for: value, at: members.pointer + [key, "\(index)"]))
        }
        return list
    }

    private mutating func map(_ key: String, of members: inout SchemaMembers) throws(Failure) -> [ExactString: Int]? {
        guard let value = try members.take(key) else { return nil }
        guard case .object(let values) = value else {
            throw members.failure(key, "must be an object whose values are schemas")
        }
        var map: [ExactString: Int] = [:]
        for (name, value) in values.sorted(by: { $0.key.text < $1.key.text }) {
            map[name] = try node(for: value, at: members.pointer + [key, name.text])
        }
        return map
    }

    private mutating func rules(of members: inout SchemaMembers) throws(Failure) -> [SchemaRule] {
        if let constant = members.constant { return constant ? [] : [.never] }
        var rules: [SchemaRule] = []
        try members.takeAnnotations()
        // Compiled even where nothing refers to them: a mistake in them is a mistake.
        _ = try map("$defs", of: &members)
        _ = try map("definitions", of: &members)
        if let types = try members.types() { rules.append(.types(types)) }
        if let choices = try members.choices() { rules.append(.choices(choices)) }
        if let value = try members.take("const") { rules.append(.choices([value])) }
        rules += try valueRules(of: &members)
        rules += try objectRules(of: &members)
        rules += try arrayRules(of: &members)
        // What may be expensive comes last, so that a wrong type is found first.
        if let target = try reference(of: &members) { rules.append(.allOf([target])) }
        if let nodes = try list("allOf", of: &members) { rules.append(.allOf(nodes)) }
        if let nodes = try list("anyOf", of: &members) { rules.append(.anyOf(nodes)) }
        if let nodes = try list("oneOf", of: &members) { rules.append(.oneOf(nodes)) }
        if let node = try node("not", of: &members) { rules.append(.not(node)) }
        let test = try node("if", of: &members)
        let then = try node("then", of: &members)
        let otherwise = try node("else", of: &members)
        if let test {
            rules.append(.condition(test, then: then, otherwise: otherwise))
        } else if then != nil || otherwise != nil {
            throw members.failure(then == nil ? "else" : "then", "has no effect without 'if'")
        }
        return rules
    }

    private func valueRules(of members: inout SchemaMembers) throws(Failure) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        let length = (try members.count("minLength"), try members.count("maxLength"))
        if length != (nil, nil) { rules.append(.length(least: length.0, most: length.1)) }
        if let pattern = try members.string("pattern") {
            rules.append(.pattern(try members.expression(pattern, "pattern")))
        }
        let bounds = NumberBounds(
            minimum: try members.number("minimum"),
            maximum: try members.number("maximum"),
            exclusiveMinimum: try members.number("exclusiveMinimum"),
            exclusiveMaximum: try members.number("exclusiveMaximum")
        )
        let given = [bounds.minimum, bounds.maximum, bounds.exclusiveMinimum, bounds.exclusiveMaximum]
        if given.contains(where: { $0 != nil }) { rules.append(.bounds(bounds)) }
        if let divisor = try members.number("multipleOf") {
            guard divisor > JSONNumber.zero, divisor.digitsValue != nil else {
                throw members.failure("multipleOf", "must be above 0 and have at most 18 digits")
            }
            rules.append(.multiple(of: divisor))
        }
        return rules
    }

    private mutating func objectRules(of members: inout SchemaMembers) throws(Failure) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let names = try members.strings("required") { rules.append(.required(names)) }
        let count = (try members.count("minProperties"), try members.count("maxProperties"))
        if count != (nil, nil) { rules.append(.memberCount(least: count.0, most: count.1)) }
        let named = try map("properties", of: &members)
        let patterned = try map("patternProperties", of: &members)
        let others = try node("additionalProperties", of: &members)
        if named != nil || patterned != nil || others != nil {
            var patterns: [(expression: RegularExpression, node: Int)] = []
            for (pattern, node) in (patterned ?? [:]).sorted(by: { $0.key.text < $1.key.text }) {
                patterns.append((try members.expression(pattern.text, "patternProperties"), node))
            }
            rules.append(.members(named: named ?? [:], patterns: patterns, others: others))
        }
        if let node = try node("propertyNames", of: &members) { rules.append(.memberNames(node)) }
        return rules
    }

    private mutating func arrayRules(of members: inout SchemaMembers) throws(Failure) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        let count = (try members.count("minItems"), try members.count("maxItems"))
        if count != (nil, nil) { rules.append(.elementCount(least: count.0, most: count.1)) }
        let prefix = try list("prefixItems", of: &members)
        if case .array? = members.peek("items") {
            throw members.failure(
                "items",
                "must be one schema; a list of schemas is called prefixItems in draft 2020-12"
            )
        }
        let rest = try node("items", of: &members)
        if prefix != nil || rest != nil { rules.append(.elements(prefix: prefix ?? [], rest: rest)) }
        if try members.bool("uniqueItems") == true { rules.append(.uniqueElements) }
        return rules
    }

    /// The node that `$ref` names.
    private mutating func reference(of members: inout SchemaMembers) throws(Failure) -> Int? {
        guard let text = try members.string("$ref") else { return nil }
        guard text == "#" || text.hasPrefix("#/"), let path = [String](jsonPointerFragment: text) else {
            throw members.failure("$ref", "must be a JSON pointer within the schema, such as #/$defs/item")
        }
        var value = root
        for token in path {
            switch value {
            case .object(let members): value = members[ExactString(token)] ?? .null
            case .array(let elements):
                value = Int(token).flatMap { elements.indices.contains($0) ? elements[$0] : nil } ?? .null
            default: value = .null
            }
        }
        switch value {
        case .object, .bool: return try node(for: value, at: path)
        default: throw members.failure("$ref", "points to no schema")
        }
    }

    /// Finds circles in which a value would be checked for ever without a step into it, and chains that are too long.
    private func checkChains() throws(Failure) {
        let edges = nodes.map { $0.flatMap(\.sameValueNodes) }
        var incoming = Array(repeating: 0, count: nodes.count)
        for targets in edges {
            for target in targets { incoming[target] += 1 }
        }
        var depth = Array(repeating: 1, count: nodes.count)
        var ready = nodes.indices.filter { incoming[$0] == 0 }
        var done = 0
        while let index = ready.popLast() {
            done += 1
            for target in edges[index] {
                depth[target] = max(depth[target], depth[index] + 1)
                incoming[target] -= 1
                if incoming[target] == 0 { ready.append(target) }
            }
        }
        func failure(_ index: Int?, _ reason: String) -> Failure {
            let pointer = indices.first { $0.value == index }?.key ?? []
            return Failure(pointer: pointer.jsonPointer, reason: reason)
        }
        guard done == nodes.count else {
            throw failure(incoming.firstIndex { $0 > 0 }, "refers to itself without stepping into the value")
        }
        if let index = depth.firstIndex(where: { $0 > Self.chainLimit }) {
            throw failure(index, "is reached by more than \(Self.chainLimit) references in a row")
        }
    }
}
