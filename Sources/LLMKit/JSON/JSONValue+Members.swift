extension JSONValue {
    /// A member of an object.
    package subscript(name: String) -> JSONValue? { members?[ExactString(name)] }

    package var members: [ExactString: JSONValue]? { if case .object(let members) = self { members } else { nil } }
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    package var text: String? { if case .string(let string) = self { string.text } else { nil } }
    package var flag: Bool? { if case .bool(let value) = self { value } else { nil } }
}
