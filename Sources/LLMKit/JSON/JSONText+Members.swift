extension JSONText {
    /// An object's members in the order they are written in, which a ``JSONValue`` does not keep; `nil` for other values.
    var members: [(key: String, value: JSONText)]? {
        read { (json: inout JSONReader) throws(JSONReader.Failure) in
            var members: [(key: String, value: JSONText)] = []
            try json.beginObject()
            while let key = try json.nextKey()?.string { members.append((key, try json.rawValue())) }
            return members
        }
    }

    /// An array's elements; `nil` for other values.
    var elements: [JSONText]? {
        read { (json: inout JSONReader) throws(JSONReader.Failure) in
            var elements: [JSONText] = []
            try json.beginArray()
            while try json.nextElement() { elements.append(try json.rawValue()) }
            return elements
        }
    }

    /// The string; `nil` for other values.
    var string: String? { read { (json: inout JSONReader) throws(JSONReader.Failure) in try json.string() } }

    /// What a reader finds in the document; `nil` if it looks for something else than what is there.
    func read<Value>(_ body: (inout JSONReader) throws(JSONReader.Failure) -> Value) -> Value? {
        var text = description
        return text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            do throws(JSONReader.Failure) { return try body(&reader) } catch { return nil }
        }
    }
}
