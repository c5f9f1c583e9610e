/// A function that the model may ask to have run.
public struct Tool: Hashable, Sendable, Codable {
    public var name: String
    public var description: String
    /// The JSON schema of the arguments.
    public var parameters: JSONSchema
    /// Whether the vendor must hold the arguments to the schema exactly; `nil` leaves it to the vendor.
    ///
    /// Where that asks for closed objects, they are closed. A schema that cannot bind a vendor all the same goes as one
    /// that does not, which ``ChatResponse/losses`` tells.
    public var isStrict: Bool?

    public init(_ name: String, description: String, parameters: JSONSchema, isStrict: Bool? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
    }
}

/// Whether the model may, must or must not call tools.
public enum ToolChoice: Hashable, Sendable, Codable {
    case automatic
    case none
    /// At least one call, of any tool.
    case required
    /// A call of the tool with this name.
    case tool(String)
}

/// A JSON schema (draft 2020-12), as text.
public struct JSONSchema: Hashable, Sendable, Codable {
    /// What vendors call the schema: letters, digits, `_` and `-`, at most 64.
    public var name: String
    public var json: JSONText

    public init(name: String = "answer", _ json: JSONText) {
        self.name = name
        self.json = json
    }

    /// - Throws: ``LLMError`` with code `invalidRequest` if `text` is not JSON.
    public init(name: String = "answer", _ text: String) throws(LLMError) {
        self.init(name: name, try JSONText(text))
    }
}

/// The form the answer must have.
public enum ResponseFormat: Hashable, Sendable, Codable {
    case text
    /// Any JSON object.
    case json
    /// JSON that follows the schema. A vendor that no schema of its kind can bind gets it as a wish, which
    /// ``ChatResponse/losses`` tells, or refuses it.
    case jsonSchema(JSONSchema)
}
