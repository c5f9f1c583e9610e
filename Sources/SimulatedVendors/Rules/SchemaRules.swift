import LLMKit

/// What both vendors ask of names, and of schemas that must bind a model.
enum SchemaRules {
    /// Letters, digits, `_` and `-`, at least one.
    static func isName(_ name: String, upTo length: Int) -> Bool {
        (1...length).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Checks that every object of a schema is closed.
    /// - Parameters:
    ///   - path: where the schema stands, for messages.
    ///   - needsAllRequired: whether every property must be required, as at OpenAI.
    static func checkStrict(_ schema: JSONText, at path: String, needsAllRequired: Bool) throws(WireError) {
        guard let root = try? JSONValue(parsing: schema.description), root.members != nil else {
            throw .malformed(path, "Invalid schema for \(path): expected an object.", name: "invalid_json_schema")
        }
        guard !needsAllRequired || root["type"]?.text == "object" else {
            throw .malformed(
                path,
                "Invalid schema for \(path): schema must be a JSON Schema of 'type: \"object\"'.",
                name: "invalid_json_schema"
            )
        }
        try check(root, at: path, context: "()", needsAllRequired: needsAllRequired)
    }

    /// The reader's limit on nesting bounds the recursion.
    private static func check(
        _ schema: JSONValue,
        at path: String,
        context: String,
        needsAllRequired: Bool
    ) throws(WireError) {
        func refuse(_ why: String) -> WireError {
            .malformed(path, "Invalid schema for \(path): In context=\(context), \(why)", name: "invalid_json_schema")
        }
        let properties = schema["properties"]?.members ?? [:]
        let types = [schema["type"]?.text].compactMap { $0 } + (schema["type"]?.elements ?? []).compactMap(\.text)
        if types.contains("object") || !properties.isEmpty {
            guard schema["additionalProperties"]?.flag == false else {
                throw refuse("'additionalProperties' is required to be supplied and to be false.")
            }
            let required = Set((schema["required"]?.elements ?? []).compactMap(\.text))
            if needsAllRequired,
                let missing = properties.keys.map(\.text).sorted().first(where: { !required.contains($0) })
            {
                throw refuse(
                    "'required' is required to be supplied and to be an array including every key in properties. "
                        + "Missing '\(missing)'."
                )
            }
        }
        for (name, property) in properties.sorted(by: { $0.key.text < $1.key.text }) {
            try check(
                property,
                at: path,
                context: "('properties', '\(name.text)')",
                needsAllRequired: needsAllRequired
            )
        }
        var inner = schema["anyOf"]?.elements ?? []
        inner += schema["allOf"]?.elements ?? []
        if let items = schema["items"] { inner.append(items) }
        for group in ["$defs", "definitions"] { inner += (schema[group]?.members ?? [:]).map(\.value) }
        for part in inner {
            try check(part, at: path, context: context + "/…", needsAllRequired: needsAllRequired)
        }
    }
}
