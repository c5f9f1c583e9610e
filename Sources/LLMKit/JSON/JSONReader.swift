/// Walks over JSON bytes without building a tree: the caller asks for what it expects and skips the rest.
///
/// ```swift
/// var json = JSONReader(bytes)
/// try json.beginObject()
/// while let key = try json.nextKey() {
///     switch key {
///     case "id": id = try json.optionalString()
///     default: try json.skipValue()
///     }
/// }
/// ```
///
/// Made for the hot path, where a tree per streamed token would cost more than everything else. It checks what it walks
/// over (structure, literals, numbers, escapes, nesting); text that is not UTF-8 is an error where it is read as a string.
/// Asking in the wrong order (a key outside of an object, say) is a failure too, never a trap.
/// The bytes must outlive the reader: use it inside `withUnsafeBytes` or `withUTF8`. A copy is a bookmark: it reads on
/// from where it was made.
package struct JSONReader {
    /// The bytes are not the JSON that was expected.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        package var message: String
        /// How many bytes were read before it showed.
        package var offset: Int
        package var description: String { "\(message) at byte \(offset)" }
    }

    /// What kind of value comes next.
    enum Kind { case object, array, string, number, bool, null }

    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether bytes that are no UTF-8 become U+FFFD where they are read as text, instead of a failure: what a model
    /// wrote is worth more than its spelling.
    let repairsText: Bool
    /// Whether numbers that are none (`NaN`, `-Infinity`) and control characters inside strings are passed over, which some
    /// servers write, instead of a failure.
    private(set) var isLenient: Bool
    var offset = 0
    private var depth = 0
    /// One bit per open container: whether it still waits for its first member.
    private var isFirst: UInt64 = 0
    /// One bit per open container: whether it is an object.
    private var isObject: UInt64 = 0

    /// Containers may nest this deep (one bit each); no vendor comes near it.
    static let depthLimit = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>, repairsText: Bool = false) {
        self.bytes = bytes
        self.repairsText = repairsText
        isLenient = repairsText
    }

    /// The next byte that is not white space, without taking it; 0 at the end.
    @inline(__always)
    private mutating func peek() -> UInt8 {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            offset += 1
        }
        return 0
    }

    func failure(_ message: String) -> Failure { Failure(message: message, offset: offset) }

    // MARK: Containers

    mutating func beginObject() throws(Failure) {
        guard peek() == UInt8(ascii: "{") else { throw failure("expected an object") }
        try enter(isObject: true)
    }

    mutating func beginArray() throws(Failure) {
        guard peek() == UInt8(ascii: "[") else { throw failure("expected an array") }
        try enter(isObject: false)
    }

    private mutating func enter(isObject opensObject: Bool) throws(Failure) {
        guard depth < Self.depthLimit else { throw failure("nested more than \(Self.depthLimit) deep") }
        offset += 1
        let bit: UInt64 = 1 << UInt64(depth)
        isFirst |= bit
        isObject = opensObject ? isObject | bit : isObject & ~bit
        depth += 1
    }

    /// Moves to the next member of the object; `nil` after the last, when the object is left.
    mutating func nextKey() throws(Failure) -> JSONKey? {
        guard try hasNext(inObject: true) else { return nil }
        let key = try key()
        guard peek() == UInt8(ascii: ":") else { throw failure("expected a colon") }
        offset += 1
        return key
    }

    /// Moves to the next element of the array; `false` after the last, when the array is left.
    mutating func nextElement() throws(Failure) -> Bool { try hasNext(inObject: false) }

    @inline(__always)
    private mutating func hasNext(inObject: Bool) throws(Failure) -> Bool {
        guard depth > 0 else { throw failure("no open container") }
        let bit: UInt64 = 1 << UInt64(depth - 1)
        guard (isObject & bit != 0) == inObject else {
            throw failure(inObject ? "inside an array, not an object" : "inside an object, not an array")
        }
        let closing = inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        let byte = peek()
        if byte == closing {
            offset += 1
            depth -= 1
            isFirst &= ~bit
            return false
        }
        if isFirst & bit != 0 {
            isFirst &= ~bit
            return true
        }
        guard byte == UInt8(ascii: ",") else {
            throw failure(offset >= bytes.count ? "unexpected end" : "expected a comma")
        }
        offset += 1
        guard peek() != closing else { throw failure("comma before the end") }
        return true
    }

    // MARK: Values

    /// The kind of the value that comes next, without taking it.
    mutating func kind() throws(Failure) -> Kind {
        switch peek() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        case UInt8(ascii: "N") where isLenient, UInt8(ascii: "I") where isLenient: .number
        default: throw failure(offset >= bytes.count ? "unexpected end" : "expected a value")
        }
    }

    mutating func string() throws(Failure) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw failure("expected a string") }
        let (range, isEscaped) = try stringRange()
        if isEscaped { return try unescape(range) }
        return try text(of: UnsafeBufferPointer(rebasing: bytes[range]))
    }

    /// Bytes as text, if they are or may be made UTF-8.
    func text(of bytes: UnsafeBufferPointer<UInt8>) throws(Failure) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        guard repairsText else { throw failure("text that is not UTF-8") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A string, or `nil` for `null`.
    mutating func optionalString() throws(Failure) -> String? { try takeNull() ? nil : try string() }

    /// A whole number. Vendors send counts as `12`, some as `12.0`.
    mutating func int() throws(Failure) -> Int {
        let range = try numberRange()
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        // Counting downwards reaches the smallest number, which has no positive twin.
        var value = 0
        for byte in bytes[(isNegative ? range.lowerBound + 1 : range.lowerBound)..<range.upperBound] {
            guard byte >= 0x30, byte <= 0x39 else { return try intFromDecimal(range) }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, more) = tens.subtractingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !more else { throw failure("a number beyond 64 bits") }
            value = sum
        }
        guard !isNegative else { return value }
        guard value != .min else { throw failure("a number beyond 64 bits") }
        return -value
    }

    private func intFromDecimal(_ range: Range<Int>) throws(Failure) -> Int {
        guard let value = JSONNumber(utf8: bytes[range])?.int else { throw failure("expected a whole number") }
        return value
    }

    mutating func optionalInt() throws(Failure) -> Int? { try takeNull() ? nil : try int() }

    mutating func double() throws(Failure) -> Double { try parseDouble(try numberRange()) }

    private func parseDouble(_ range: Range<Int>) throws(Failure) -> Double {
        let text = String(decoding: bytes[range], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw failure("a number out of range") }
        return value
    }

    /// A number, exactly as it is written.
    mutating func number() throws(Failure) -> JSONNumber {
        guard let number = JSONNumber(utf8: bytes[try numberRange()]) else {
            throw failure("a number whose exponent is beyond \(JSONNumber.exponentLimit)")
        }
        return number
    }

    /// A number, or `nil` for one that is none or beyond all range.
    mutating func finiteDouble() throws(Failure) -> Double? {
        guard let value = Double(String(decoding: bytes[try numberRange()], as: UTF8.self)) else { return nil }
        return value.isFinite ? value : nil
    }

    mutating func optionalDouble() throws(Failure) -> Double? { try takeNull() ? nil : try double() }

    mutating func bool() throws(Failure) -> Bool {
        if takeLiteral("true") { return true }
        if takeLiteral("false") { return false }
        throw failure("expected true or false")
    }

    mutating func optionalBool() throws(Failure) -> Bool? { try takeNull() ? nil : try bool() }

    /// Takes `null` if it comes next.
    mutating func takeNull() throws(Failure) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        guard takeLiteral("null") else { throw failure("expected null") }
        return true
    }

    private mutating func takeLiteral(_ literal: StaticString) -> Bool {
        _ = peek()
        let end = offset + literal.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for index in 0..<literal.utf8CodeUnitCount where bytes[offset + index] != literal.utf8Start[index] {
            return false
        }
        offset = end
        return true
    }

    /// Passes over the next value, whatever it is.
    mutating func skipValue() throws(Failure) {
        let base = depth
        repeat {
            if depth > base, try !moveToNext() { continue }
            switch try kind() {
            case .object: try beginObject()
            case .array: try beginArray()
            case .string: _ = try stringRange()
            case .number: _ = try numberRange()
            case .bool: _ = try bool()
            case .null: _ = try takeNull()
            }
        } while depth > base
    }

    /// One step inside whatever container is open, told by its bracket when it closes.
    private mutating func moveToNext() throws(Failure) -> Bool {
        isObject >> UInt64(depth - 1) & 1 == 1 ? try nextKey() != nil : try nextElement()
    }

    /// Passes over the next value and returns a reader that stands before it, to walk over it later.
    mutating func bookmark() throws(Failure) -> JSONReader {
        _ = peek()
        let place = self
        try skipValue()
        return place
    }

    /// A string, to be compared like a key.
    mutating func key() throws(Failure) -> JSONKey {
        guard peek() == UInt8(ascii: "\"") else { throw failure("expected a string") }
        let (range, isEscaped) = try stringRange()
        guard isEscaped else { return JSONKey(bytes: UnsafeBufferPointer(rebasing: bytes[range])) }
        return JSONKey(unescaped: try unescape(range))
    }

    /// The next value as the text it is written in, byte for byte.
    mutating func rawValue() throws(Failure) -> JSONText {
        _ = peek()
        let start = offset
        // Whoever gets it may be strict.
        let wasLenient = isLenient
        isLenient = false
        defer { isLenient = wasLenient }
        try skipValue()
        return JSONText(validated: try text(of: UnsafeBufferPointer(rebasing: bytes[start..<offset])))
    }

    /// Fails if anything but white space is left.
    mutating func expectEnd() throws(Failure) {
        _ = peek()
        guard offset == bytes.count else { throw failure("something after the end of the document") }
    }
}
