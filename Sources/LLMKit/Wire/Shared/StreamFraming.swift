/// Cuts the events of a stream out of its bytes, which may arrive cut anywhere.
package protocol StreamFraming: Sendable {
    /// What requests for such a stream say in `Accept`, and answers in `Content-Type`.
    static var mediaType: String { get }

    init()

    /// Whether a body that begins with these bytes is a stream of this kind; `nil` if more of it must be seen.
    ///
    /// Servers mislabel what they send, so the body itself decides.
    static func matches(_ start: UnsafeBufferPointer<UInt8>) -> Bool?

    /// Takes the next bytes and hands on every event that they complete.
    /// - Throws: ``LLMError`` with code `responseTooLarge` for an event beyond the limit, and whatever `deliver` throws.
    ///   The framing must not be used after either.
    mutating func cut(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ deliver: (StreamFrame) throws -> Void
    ) throws

    /// Hands on what is an event if nothing follows it.
    mutating func end(_ deliver: (StreamFrame) throws -> Void) throws
}

extension StreamFraming {
    package mutating func cut(_ bytes: [UInt8], _ deliver: (StreamFrame) throws -> Void) throws {
        try bytes.withUnsafeBufferPointer { try cut($0, deliver) }
    }
}

/// One event of a stream, whose bytes are valid only during the call that delivers it.
package struct StreamFrame {
    /// The event's type; empty for the default type, which the standard calls `message`.
    let name: JSONKey
    let data: UnsafeBufferPointer<UInt8>
    /// Whether the data was put together from several lines.
    var isJoined = false
}

extension JSONKey {
    /// The name of an event that has none.
    static var none: JSONKey { JSONKey(bytes: UnsafeBufferPointer(start: nil, count: 0)) }
}

/// How large an event may grow, in bytes, unless another limit is given.
let defaultEventLimit = 16 << 20
