/// The key of an object's member, compared without making a string of it.
package struct JSONKey {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Set for the rare key that is written with escapes.
    private let unescaped: String?

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        unescaped = nil
    }

    init(unescaped text: String) {
        bytes = UnsafeBufferPointer(start: nil, count: 0)
        unescaped = text
    }

    /// The key as a string; malformed UTF-8 is replaced.
    var string: String { unescaped ?? String(decoding: bytes, as: UTF8.self) }

    /// Lets `switch key { case "id": … }` work.
    @inline(__always)
    static func ~= (name: StaticString, key: JSONKey) -> Bool {
        if let text = key.unescaped { return text == name.description }
        guard key.bytes.count == name.utf8CodeUnitCount else { return false }
        for index in 0..<key.bytes.count where key.bytes[index] != name.utf8Start[index] { return false }
        return true
    }
}
