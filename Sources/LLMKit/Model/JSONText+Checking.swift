extension JSONText {
    /// Checks `text` and keeps it as it is.
    /// - Throws: ``LLMError`` with code `invalidRequest` that says at which byte `text` stops being JSON.
    public init(_ text: String) throws(LLMError) {
        var copy = text
        let failure = copy.withUTF8 { bytes -> JSONReader.Failure? in
            do throws(JSONReader.Failure) {
                var reader = JSONReader(bytes)
                try reader.skipValue()
                try reader.expectEnd()
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw LLMError(.invalidRequest, "not valid JSON: \(failure)") }
        self.init(validated: text)
    }
}

extension JSONText: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
