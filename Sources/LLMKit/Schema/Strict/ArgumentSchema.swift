/// The schema of a tool's arguments: vendors want an object's, and an object that says so.
package enum ArgumentSchema {
    package enum Problem: Hashable, Sendable {
        /// It does not say that it is an object, or not which members that has; it can be made to.
        case incomplete
        /// It is of something else than an object.
        case otherType
        /// It says at its root what the vendor takes only further down.
        case combination(String)
    }

    /// What is wrong with a schema, without a tree being made of it: tools go with every request.
    /// - Parameters:
    ///   - refused: the keywords that may not stand at the root.
    ///   - needsProperties: whether there must be `properties`, be there none.
    package static func problem(
        in schema: JSONText,
        refusing refused: Set<String> = [],
        needsProperties: Bool
    ) -> Problem? {
        guard schema.description.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else {
            return schema.description == "true" ? .incomplete : .otherType
        }
        let problem = schema.read { (json: inout JSONReader) throws(JSONReader.Failure) -> Problem? in
            var isComplete = false
            var hasProperties = !needsProperties
            var problem: Problem?
            try json.beginObject()
            while let key = try json.nextKey() {
                // All is known of a schema that may go on as it likes.
                if isComplete, hasProperties, refused.isEmpty { return nil }
                switch key {
                case "type":
                    if try json.kind() == .string {
                        isComplete = try json.string() == "object"
                        if !isComplete { problem = .otherType }
                    } else if try !json.rawValue().description.contains("\"object\"") {
                        problem = .otherType
                    }
                    continue
                case "properties": hasProperties = true
                case "oneOf", "anyOf", "allOf", "enum", "not":
                    if refused.contains(key.string) { problem = problem ?? .combination(key.string) }
                default: break
                }
                try json.skipValue()
            }
            return problem ?? (isComplete && hasProperties ? nil : .incomplete)
        }
        return problem ?? .otherType
    }

    /// The same schema, made to say that it is an object's, and that it has no properties if it names none.
    static func completed(_ schema: JSONText) -> JSONText {
        let members = schema.members ?? []
        var json = JSONWriter()
        json.object { json in
            json.key("type")
            json.string("object")
            for (key, value) in members where key != "type" {
                json.key(key)
                json.raw(value)
            }
            guard !members.contains(where: { $0.key == "properties" }) else { return }
            json.key("properties")
            json.object { _ in }
        }
        return JSONText(validated: String(decoding: json.bytes, as: UTF8.self))
    }
}
