extension StrictSchemaRules {
    /// What keeps a schema from binding a model; empty if nothing does.
    package func problems(in schema: JSONText) -> [StrictSchemaProblem] {
        guard let root = try? JSONValue(parsing: schema.description), root.members != nil else {
            return [StrictSchemaProblem(kind: .noSchema, place: [])]
        }
        var check = StrictSchemaCheck(rules: self, root: root)
        check.start()
        return check.problems
    }
}

/// Walks over one schema and notes what the rules forbid.
private struct StrictSchemaCheck {
    let rules: StrictSchemaRules
    let root: JSONValue
    var problems: [StrictSchemaProblem] = []
    private var propertyCount = 0

    init(rules: StrictSchemaRules, root: JSONValue) {
        self.rules = rules
        self.root = root
    }

    mutating func start() {
        if rules.needsObjectRoot, root["type"]?.text != "object" || root["anyOf"] != nil { note(.noObject, []) }
        visit(root, at: [], depth: 1, isPartOfAll: false)
        if propertyCount > rules.propertyLimit { note(.tooManyProperties, []) }
        if !rules.takesRecursion, let target = SchemaReferences(root).recursive { note(.recursion(target), []) }
    }

    private mutating func note(
        _ kind: StrictSchemaProblem.Kind,
        _ place: [String],
        _ mend: StrictSchemaProblem.Mend? = nil
    ) {
        problems.append(StrictSchemaProblem(kind: kind, place: place, mend: mend))
    }

    /// The reader's limit on nesting bounds the recursion.
    /// - Parameter isPartOfAll: whether other schemas bind the same value, whose properties a closed object would forbid.
    private mutating func visit(_ schema: JSONValue, at place: [String], depth: Int, isPartOfAll: Bool) {
        guard let members = schema.members else { return note(.untyped, place) }
        checkKeywords(of: members, at: place)
        checkReference(schema, at: place, isPartOfAll: isPartOfAll)
        let kinds = ["type", "anyOf", "allOf", "$ref", "enum", "const"]
        // A root that is no object has been noted.
        if !kinds.contains(where: { schema[$0] != nil }) { note(.untyped, place) }
        var depth = depth
        if schema.isOfType("object") || schema["properties"] != nil {
            if depth > rules.depthLimit { note(.tooDeep, place) }
            depth += 1
            checkObject(schema, at: place, isPartOfAll: isPartOfAll)
        }
        if rules.needsItems, schema.isOfType("array"), schema["items"] == nil { note(.untyped, place + ["items"]) }
        for group in ["properties", "$defs", "definitions"] {
            for (name, part) in (schema[group]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
                visit(
                    part,
                    at: place + [group, name.text],
                    depth: group == "properties" ? depth : 1,
                    isPartOfAll: false
                )
            }
        }
        if let items = schema["items"] { visit(items, at: place + ["items"], depth: depth, isPartOfAll: false) }
        for group in ["anyOf", "allOf"] {
            for (index, part) in (schema[group]?.elements ?? []).enumerated() {
                let isShared = isPartOfAll || group == "allOf"
                visit(part, at: place + [group, String(index)], depth: depth, isPartOfAll: isShared)
            }
        }
    }

    private mutating func checkKeywords(of members: [ExactString: JSONValue], at place: [String]) {
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let name = key.text
            guard rules.keywords.contains(name) else {
                if rules.bounds.contains(name) {
                    note(.keyword(name), place, .leaveOut(isLoss: true))
                } else {
                    let isMute = StrictSchemaRules.annotations.contains(name)
                    note(.keyword(name), place, isMute ? .leaveOut(isLoss: false) : nil)
                }
                continue
            }
            guard !rules.takes(value, of: name) else { continue }
            note(.value(of: name), place, rules.bounds.contains(name) ? .leaveOut(isLoss: true) : nil)
        }
    }

    private mutating func checkReference(_ schema: JSONValue, at place: [String], isPartOfAll: Bool) {
        guard let reference = schema["$ref"] else { return }
        let target = reference.text ?? "?"
        let isAlone = schema.members?.count == 1
        let isKept = isAlone || !rules.keepsReferencesAlone
        if !isKept || isPartOfAll || SchemaReferences.target(of: target, in: root) == nil {
            note(.reference(target), place)
        }
    }

    private mutating func checkObject(_ schema: JSONValue, at place: [String], isPartOfAll: Bool) {
        let properties = schema["properties"]?.members
        propertyCount += properties?.count ?? 0
        if schema["additionalProperties"]?.flag != false {
            let isBoundElsewhere = isPartOfAll || ["anyOf", "allOf", "$ref"].contains { schema[$0] != nil }
            // Who wrote that other members are welcome meant it, and an object of any members is not an empty one.
            let isLeftOpen = schema["additionalProperties"] == nil && properties != nil
            note(.open, place, isLeftOpen && !isBoundElsewhere ? .close : nil)
        }
        let required = (schema["required"]?.elements ?? []).compactMap(\.text)
        let known = Set((properties ?? [:]).keys.map(\.text))
        if let name = required.first(where: { !known.contains($0) }) { note(.unknownRequired(name), place) }
        if rules.needsAllRequired, let name = known.subtracting(required).min() { note(.optional(name), place) }
    }
}

extension StrictSchemaRules {
    /// Whether a value of a known keyword is one that is known.
    func takes(_ value: JSONValue, of keyword: String) -> Bool {
        switch (keyword, value) {
        case ("format", _): value.text.map(formats.contains) ?? false
        case ("minItems", .number(let number)):
            number.description.count < 19 && Int(number.description) ?? .max <= minItemsLimit
        case ("enum", .array(let values)): values.allSatisfy { $0.members == nil && $0.elements == nil }
        case ("const", _): value.members == nil && value.elements == nil
        default: true
        }
    }
}

extension JSONValue {
    /// Whether a schema allows values of this type by name.
    fileprivate func isOfType(_ name: String) -> Bool {
        let type = self["type"]
        return type?.text == name || (type?.elements ?? []).contains { $0.text == name }
    }
}
