extension StrictSchemaRules {
    /// A schema that follows the rules.
    package struct Mended: Hashable, Sendable {
        package var schema: JSONText
        /// Whether the schema that was asked for says more.
        package var isLossy: Bool
    }

    /// A schema that follows the rules and whose values follow the given one, bounds aside; `nil` if there is none.
    ///
    /// Keys stay in their order: models write members in the schema's, and prompt caches go by bytes.
    package func mended(_ schema: JSONText) -> Mended? {
        let problems = problems(in: schema)
        guard !problems.isEmpty else { return Mended(schema: schema, isLossy: false) }
        guard problems.allSatisfy({ $0.mend != nil }) else { return nil }
        let isLossy = problems.contains { $0.mend == .leaveOut(isLoss: true) }
        return Mended(schema: rewritten(schema), isLossy: isLossy)
    }

    private func rewritten(_ schema: JSONText) -> JSONText {
        guard let members = schema.members else { return schema }
        let leftOut = members.filter { isLeftOut($0.key, $0.value) }
        let hint = hint(of: leftOut)
        let keys = members.map(\.key)
        var json = JSONWriter()
        json.object { json in
            for (key, value) in members where !isLeftOut(key, value) {
                json.key(key)
                if key == "description", let hint, let text = value.string {
                    json.string("\(text)\n\n\(hint)")
                } else {
                    write(value, of: key, to: &json)
                }
            }
            if let hint, !keys.contains("description") {
                json.key("description")
                json.string(hint)
            }
            if keys.contains("properties"), !keys.contains("additionalProperties") {
                json.key("additionalProperties")
                json.bool(false)
            }
        }
        return JSONText(validated: String(decoding: json.bytes, as: UTF8.self))
    }

    private func write(_ value: JSONText, of key: String, to json: inout JSONWriter) {
        switch key {
        case "properties", "$defs", "definitions":
            json.object { json in
                for (name, part) in value.members ?? [] {
                    json.key(name)
                    json.raw(rewritten(part))
                }
            }
        case "anyOf", "allOf": json.array(value.elements ?? []) { json, part in json.raw(rewritten(part)) }
        case "items": json.raw(rewritten(value))
        default: json.raw(value)
        }
    }

    private func isLeftOut(_ key: String, _ value: JSONText) -> Bool {
        guard keywords.contains(key) else { return bounds.contains(key) || Self.annotations.contains(key) }
        guard bounds.contains(key), let value = try? JSONValue(parsing: value.description) else { return false }
        return !takes(value, of: key)
    }

    /// What was left out, for the model to read where no grammar holds it to that: most follow it.
    private func hint(of leftOut: [(key: String, value: JSONText)]) -> String? {
        let lost = leftOut.filter { bounds.contains($0.key) }
        guard !lost.isEmpty else { return nil }
        return "{" + lost.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }
}
