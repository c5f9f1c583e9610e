/// What a Swift type looks like in JSON, as far as a schema can say it.
indirect enum SchemaShape: Sendable {
    case string(format: String?)
    case integer
    case number
    case boolean
    case choices([JSONValue], type: String)
    case object([(key: String, shape: SchemaShape)])
    case array(SchemaShape)
    case map(SchemaShape)
    case optional(SchemaShape)
    /// A type that contains itself, by the name of its definition; `nil` for the root.
    case reference(String?)

    func write(to json: inout JSONWriter, definitions: [(name: String, shape: SchemaShape)] = []) {
        json.object { json in
            members(to: &json, isNullable: false)
            guard !definitions.isEmpty else { return }
            json.key("$defs")
            json.object { json in
                for (name, shape) in definitions {
                    json.key(name)
                    shape.write(to: &json)
                }
            }
        }
    }

    private func members(to json: inout JSONWriter, isNullable: Bool) {
        switch self {
        case .string(let format):
            type("string", isNullable, &json)
            if let format {
                json.key("format")
                json.string(format)
            }
        case .integer: type("integer", isNullable, &json)
        case .number: type("number", isNullable, &json)
        case .boolean: type("boolean", isNullable, &json)
        case .choices(let choices, let name):
            type(name, isNullable, &json)
            json.key("enum")
            json.array(choices + (isNullable ? [.null] : [])) { json, value in value.write(to: &json) }
        case .object(let properties):
            type("object", isNullable, &json)
            json.key("properties")
            json.object { json in
                for (key, shape) in properties {
                    json.key(key)
                    shape.write(to: &json)
                }
            }
            // Strict modes want every property required; an optional one is null instead of absent.
            json.key("required")
            json.array(properties) { json, property in json.string(property.key) }
            json.key("additionalProperties")
            json.bool(false)
        case .array(let element):
            type("array", isNullable, &json)
            json.key("items")
            element.write(to: &json)
        case .map(let value):
            type("object", isNullable, &json)
            json.key("additionalProperties")
            value.write(to: &json)
        case .optional(let wrapped): wrapped.members(to: &json, isNullable: true)
        case .reference(let name):
            let target = name.map { "#/$defs/\($0)" } ?? "#"
            guard isNullable else {
                json.key("$ref")
                json.string(target)
                return
            }
            json.key("anyOf")
            json.array([("$ref", target), ("type", "null")]) { json, member in
                json.object { json in
                    json.key(member.0)
                    json.string(member.1)
                }
            }
        }
    }

    private func type(_ name: String, _ isNullable: Bool, _ json: inout JSONWriter) {
        json.key("type")
        if isNullable {
            json.array([name, "null"]) { (json: inout JSONWriter, type: String) in json.string(type) }
        } else {
            json.string(name)
        }
    }
}
