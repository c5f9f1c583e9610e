/// A JSON document as a tree, for the places where a document must be looked at as a whole.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(ExactString)
    case array([JSONValue])
    case object([ExactString: JSONValue])

    /// Reads a document.
    ///
    /// Of members with the same key the last one counts.
    package init(parsing text: String) throws(JSONReader.Failure) {
        var hasRepeatedKeys = false
        try self.init(parsing: text, hasRepeatedKeys: &hasRepeatedKeys)
    }

    /// Reads a document, and tells whether readers may understand it differently: of members with the same key, some take
    /// the first.
    package init(parsing text: String, hasRepeatedKeys: inout Bool) throws(JSONReader.Failure) {
        var copy = text
        let result = copy.withUTF8 { bytes -> Result<JSONValue, JSONReader.Failure> in
            do throws(JSONReader.Failure) {
                var reader = JSONReader(bytes)
                let value = try JSONValue(from: &reader, &hasRepeatedKeys)
                try reader.expectEnd()
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    /// Reads the next value.
    ///
    /// The reader's own limit on nesting bounds the recursion.
    private init(from reader: inout JSONReader, _ hasRepeatedKeys: inout Bool) throws(JSONReader.Failure) {
        switch try reader.kind() {
        case .null:
            _ = try reader.takeNull()
            self = .null
        case .bool: self = .bool(try reader.bool())
        case .string: self = .string(ExactString(try reader.string()))
        case .number: self = .number(try reader.number())
        case .array:
            var elements: [JSONValue] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try JSONValue(from: &reader, &hasRepeatedKeys)) }
            self = .array(elements)
        case .object:
            var members: [ExactString: JSONValue] = [:]
            try reader.beginObject()
            while let key = try reader.nextKey() {
                let name = ExactString(key.string)
                let value = try JSONValue(from: &reader, &hasRepeatedKeys)
                if members.updateValue(value, forKey: name) != nil { hasRepeatedKeys = true }
            }
            self = .object(members)
        }
    }

    /// The document in one fixed spelling: sorted keys, no white space, one form for each number.
    package var canonicalText: String {
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let value): json.bool(value)
        case .number(let number): json.raw(JSONText(validated: number.description))
        case .string(let string): json.string(string.text)
        case .array(let elements): json.array(elements) { json, element in element.write(to: &json) }
        case .object(let members):
            json.object { json in
                for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                    json.key(key.text)
                    value.write(to: &json)
                }
            }
        }
    }
}
