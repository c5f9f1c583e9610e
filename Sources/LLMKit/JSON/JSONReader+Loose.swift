/// Reading what a vendor may have written otherwise than documented: one odd member must not cost the answer.
extension JSONReader {
    /// A string, or `nil` for anything else: for fields that are welcome but not needed.
    mutating func stringIfAny() throws(Failure) -> String? {
        if try kind() == .string { return try string() }
        try skipValue()
        return nil
    }

    /// A word that says something: `nil` for an empty one, as for anything that is no string.
    ///
    /// Servers write `""` for what they do not know, and that must never stand in the place of what they did know.
    mutating func word() throws(Failure) -> String? {
        guard let text = try stringIfAny(), text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        return text
    }

    /// Passes over a value and tells whether it says something: `null`, `false`, `0`, `""`, `[]` and `{}` do not, nor does
    /// what holds nothing else.
    mutating func holdsSomething() throws(Failure) -> Bool {
        switch try kind() {
        case .null: return try !takeNull()
        case .bool: return try bool()
        case .string: return try word() != nil
        case .number: return try tokenCount() != 0
        case .array:
            var isFull = false
            try beginArray()
            while try nextElement() { if try holdsSomething() { isFull = true } }
            return isFull
        case .object:
            var isFull = false
            try beginObject()
            while try nextKey() != nil { if try holdsSomething() { isFull = true } }
            return isFull
        }
    }

    /// Whether the open array has no further element, without moving on.
    func isAtEndOfArray() throws(Failure) -> Bool {
        var ahead = self
        return try !ahead.nextElement()
    }

    /// Enters an object; passes over anything else.
    mutating func enterObject() throws(Failure) -> Bool {
        guard try kind() == .object else {
            try skipValue()
            return false
        }
        try beginObject()
        return true
    }

    /// Enters an array; passes over anything else.
    mutating func enterArray() throws(Failure) -> Bool {
        guard try kind() == .array else {
            try skipValue()
            return false
        }
        try beginArray()
        return true
    }

    /// Passes over a value; a reader that stands before it, if it is an object.
    mutating func objectBookmark() throws(Failure) -> JSONReader? {
        let isObject = try kind() == .object
        let place = try bookmark()
        return isObject ? place : nil
    }

    /// A count of tokens: anything a vendor may write for one, held to 0…2^53; `nil` for what is no number.
    mutating func tokenCount() throws(Failure) -> Int? {
        switch try kind() {
        case .number:
            let start = offset
            if let count = try? int() { return min(max(count, 0), 1 << 53) }
            offset = start
            return Self.tokenCount(String(decoding: bytes[try numberRange()], as: UTF8.self))
        case .string: return Self.tokenCount(try string())
        default:
            try skipValue()
            return nil
        }
    }

    /// Numbers as text, beyond 64 bits, or with a fraction that no token has.
    private static func tokenCount(_ text: String) -> Int? {
        // "Infinity" is no count, though a number beyond all range may be one.
        guard let value = Double(text), !value.isNaN, !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "i") })
        else {
            return nil
        }
        return value >= 0x1p53 ? 1 << 53 : Int(max(value, 0).rounded())
    }

    /// A place in a list, as a number or as text; `nil` for anything else.
    mutating func listIndex() throws(Failure) -> Int? {
        switch try kind() {
        case .number: return Int(String(decoding: bytes[try numberRange()], as: UTF8.self))
        case .string: return Int(try string())
        default:
            try skipValue()
            return nil
        }
    }
}
