extension JSONSchema {
    /// Derives a schema from a type, by watching what the type decodes.
    ///
    /// The result is what the vendors' strict modes ask for: every property is required, in the order in which it is
    /// decoded; an optional one may be `null`; nothing else is allowed. Understood are structs, optionals, arrays, sets,
    /// dictionaries with string keys, numbers, strings, booleans, `Date` (ISO 8601), `URL`, `UUID`, `Data` (base64),
    /// `Decimal`, enums with raw values that are `CaseIterable`, and types that contain themselves.
    ///
    /// Strict modes also ask for an object at the root, and some refuse dictionaries.
    /// - Parameters:
    ///   - type: the type that the answer will be decoded as.
    ///   - name: what vendors call the schema; the type's name if `nil`.
    /// - Throws: ``LLMError`` with code `invalidRequest` if the type does not show its shape: its own `init(from:)` refuses
    ///   sample values, it is an enum without `CaseIterable` or with associated values, and the like; the property is named.
    ///   Pass a schema written by hand then.
    public init<Answer: Decodable>(for type: Answer.Type, name: String? = nil) throws(LLMError) {
        let prober = SchemaProber()
        do {
            let shape = try prober.rootShape(of: type)
            var json = JSONWriter()
            shape.write(to: &json, definitions: prober.definitions)
            let text = JSONText(validated: String(decoding: json.bytes, as: UTF8.self))
            self.init(name: name ?? SchemaProber.schemaName(of: type), text)
        } catch {
            let failure = error as? SchemaProber.Failure ?? SchemaProber.Failure(reason: "it refuses sample values")
            let place = failure.path.isEmpty ? "" : "the property '\(failure.path.joined(separator: "."))': "
            let remedy = failure.remedy.map { ": \($0), or" } ?? ";"
            throw LLMError(
                .invalidRequest,
                "cannot derive a JSON schema from \(type): \(place)\(failure.reason)\(remedy) pass a schema by hand",
                cause: failure.cause ?? error
            )
        }
    }
}
