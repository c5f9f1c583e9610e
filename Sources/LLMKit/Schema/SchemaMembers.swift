/// The keywords of one subschema, taken one by one; what is left in the end is not supported.
struct SchemaMembers {
    typealias Failure = SchemaCompiler.Failure

    /// Where the subschema is, as a number of ``SchemaPlaces``.
    let place: Int
    /// Set for the schemas `true` and `false`.
    let constant: Bool?
    private var members: [ExactString: JSONValue]
    private let isSchema: Bool

    private static let annotations: [ExactString] = [
        "title", "description", "default", "examples", "format", "$schema", "$comment", "deprecated", "readOnly",
        "writeOnly",
    ]

    init(_ value: JSONValue, at place: Int) {
        self.place = place
        switch value {
        case .object(let members): (self.members, constant, isSchema) = (members, nil, true)
        case .bool(let value): (members, constant, isSchema) = ([:], value, true)
        default: (members, constant, isSchema) = ([:], nil, false)
        }
    }

    func failure(_ key: String, _ reason: String) -> Failure {
        Failure(place: place, key: key, reason: reason)
    }

    func peek(_ key: String) -> JSONValue? { members[ExactString(key)] }

    mutating func take(_ key: String) throws(Failure) -> JSONValue? { members.removeValue(forKey: ExactString(key)) }

    mutating func takeAnnotations() throws(Failure) {
        guard isSchema else {
            throw Failure(place: place, reason: "a schema must be an object, true or false")
        }
        for key in Self.annotations { members[key] = nil }
        guard let id = members.removeValue(forKey: "$id") else { return }
        // Further in, it would change what every $ref below it means.
        guard place == SchemaPlaces.root, case .string = id else {
            throw failure("$id", "is supported at the root only, as a string")
        }
    }

    /// Complains of keywords that nobody took.
    func finish() throws(Failure) {
        guard let key = members.keys.map(\.text).min() else { return }
        throw failure(key, "the keyword '\(key)' is not supported, or misspelt; take it out")
    }

    mutating func types() throws(Failure) -> Set<JSONType>? {
        guard let value = try take("type") else { return nil }
        let names: [JSONValue] = if case .array(let names) = value { names } else { [value] }
        var types: Set<JSONType> = []
        for name in names {
            guard case .string(let name) = name, let type = JSONType(rawValue: name.text) else {
                let known = JSONType.allCases.map(\.rawValue).joined(separator: ", ")
                throw failure("type", "must be one or several of \(known)")
            }
            types.insert(type)
        }
        guard !types.isEmpty, types.count == names.count else { throw failure("type", "must name each type once") }
        return types
    }

    mutating func choices() throws(Failure) -> [JSONValue]? {
        guard let value = try take("enum") else { return nil }
        guard case .array(let choices) = value, !choices.isEmpty else {
            throw failure("enum", "must be an array of at least one value")
        }
        return choices
    }

    mutating func string(_ key: String) throws(Failure) -> String? {
        guard let value = try take(key) else { return nil }
        guard case .string(let string) = value else { throw failure(key, "must be a string") }
        return string.text
    }

    mutating func strings(_ key: String) throws(Failure) -> [ExactString]? {
        guard let value = try take(key) else { return nil }
        var strings: [ExactString] = []
        if case .array(let values) = value {
            for case .string(let string) in values { strings.append(string) }
            if strings.count == values.count, Set(strings).count == strings.count { return strings }
        }
        throw failure(key, "must be an array of different strings")
    }

    mutating func bool(_ key: String) throws(Failure) -> Bool? {
        guard let value = try take(key) else { return nil }
        guard case .bool(let bool) = value else { throw failure(key, "must be true or false") }
        return bool
    }

    mutating func number(_ key: String) throws(Failure) -> JSONNumber? {
        guard let value = try take(key) else { return nil }
        guard case .number(let number) = value else { throw failure(key, "must be a number") }
        return number
    }

    mutating func count(_ key: String) throws(Failure) -> Int? {
        guard let number = try number(key) else { return nil }
        guard let count = number.int, count >= 0 else { throw failure(key, "must be a whole number, 0 or more") }
        return count
    }
}
