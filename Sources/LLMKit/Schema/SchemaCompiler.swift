/// Turns the tree of a schema into rules.
///
/// Subschemas wait in a list instead of being compiled by recursion, so neither nesting nor chains of `$ref` cost stack.
struct SchemaCompiler {
    struct Failure: Error {
        /// Where in the schema, as a number of ``SchemaPlaces``.
        var place: Int
        /// The keyword at that place.
        var key: String?
        var reason: String
    }

    private struct Pending {
        var index: Int
        var value: JSONValue
        var place: Int
    }

    private let root: JSONValue
    private var nodes: [[SchemaRule]] = []
    private var places = SchemaPlaces()
    /// The nodes by place.
    private var indices: [Int: Int] = [:]
    private var pending: [Pending] = []
    private var patterns: [String: RegularExpression] = [:]
    private var patternSize = 0

    /// No schema for a model's answer comes near it.
    private static let nodeLimit = 10_000
    /// Most instructions of all patterns together: some megabytes.
    private static let patternSizeLimit = 100_000

    init(root: JSONValue) { self.root = root }

    mutating func compile() throws(Failure) -> [[SchemaRule]] {
        _ = try node(for: root, at: SchemaPlaces.root)
        while let next = pending.popLast() {
            var members = SchemaMembers(next.value, at: next.place)
            nodes[next.index] = try rules(of: &members)
            try members.finish()
        }
        if let (node, reason) = SchemaChains(nodes).problem {
            throw Failure(place: indices.first { $0.value == node }?.key ?? SchemaPlaces.root, reason: reason)
        }
        return nodes
    }

    /// The JSON pointer to what a failure is about.
    func pointer(to failure: Failure) -> String {
        places.pointer(to: failure.place) + (failure.key.map { [$0].jsonPointer } ?? "")
    }

    /// The node of a subschema; a place that two refer to is compiled once.
    private mutating func node(for value: JSONValue, at place: Int) throws(Failure) -> Int {
        if let index = indices[place] { return index }
        guard nodes.count < Self.nodeLimit else {
            throw Failure(place: place, reason: "more than \(Self.nodeLimit) subschemas")
        }
        let index = nodes.count
        nodes.append([])
        indices[place] = index
        pending.append(Pending(index: index, value: value, place: place))
        return index
    }

    private mutating func node(_ key: String, of members: inout SchemaMembers) throws(Failure) -> Int? {
        guard let value = try members.take(key) else { return nil }
        return try node(for: value, at: places.place(of: key, in: members.place))
    }

    private mutating func list(_ key: String, of members: inout SchemaMembers) throws(Failure) -> [Int]? {
        guard let value = try members.take(key) else { return nil }
        guard case .array(let values) = value, !values.isEmpty else {
            throw members.failure(key, "must be an array of at least one schema")
        }
        let place = places.place(of: key, in: members.place)
        var list: [Int] = []
        for (index, value) in values.enumerated() {
            list.append(try node(for: value, at: places.place(of: "\(index)", in: place)))
        }
        return list
    }

    private mutating func map(_ key: String, of members: inout SchemaMembers) throws(Failure) -> [ExactString: Int]? {
        guard let value = try members.take(key) else { return nil }
        guard case .object(let values) = value else {
            throw members.failure(key, "must be an object whose values are schemas")
        }
        let place = places.place(of: key, in: members.place)
        var map: [ExactString: Int] = [:]
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            map[name] = try node(for: value, at: places.place(of: name.text, in: place))
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
        if let choices = try members.choices() { rules.append(.choices(SchemaChoices(choices))) }
        if let value = try members.take("const") { rules.append(.choices(SchemaChoices([value]))) }
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

    /// A pattern, compiled once for all places that have it.
    private mutating func expression(
        _ pattern: String,
        _ key: String,
        of members: SchemaMembers
    ) throws(Failure) -> RegularExpression {
        if let known = patterns[pattern] { return known }
        do throws(LLMError) {
            let expression = try RegularExpression(pattern)
            patterns[pattern] = expression
            patternSize += expression.program.instructions.count
            if patternSize <= Self.patternSizeLimit { return expression }
        } catch {
            throw members.failure(key, error.message)
        }
        throw members.failure(
            key,
            "the patterns of the schema have more than \(Self.patternSizeLimit) instructions together"
        )
    }

    private mutating func valueRules(of members: inout SchemaMembers) throws(Failure) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        let length = (try members.count("minLength"), try members.count("maxLength"))
        if length != (nil, nil) { rules.append(.length(least: length.0, most: length.1)) }
        if let pattern = try members.string("pattern") {
            rules.append(.pattern(try expression(pattern, "pattern", of: members)))
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
            for (pattern, node) in (patterned ?? [:]).sorted(by: { $0.key < $1.key }) {
                patterns.append((try expression(pattern.text, "patternProperties", of: members), node))
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
        var place = SchemaPlaces.root
        for token in path {
            place = places.place(of: token, in: place)
            switch value {
            case .object(let members): value = members[ExactString(token)] ?? .null
            case .array(let elements):
                value = Int(token).flatMap { elements.indices.contains($0) ? elements[$0] : nil } ?? .null
            default: throw members.failure("$ref", "points to no schema")
            }
        }
        switch value {
        case .object, .bool: return try node(for: value, at: place)
        default: throw members.failure("$ref", "points to no schema")
        }
    }
}
