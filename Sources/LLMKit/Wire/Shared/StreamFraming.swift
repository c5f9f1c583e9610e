/// Cuts the events of a stream out of its bytes, which may arrive cut anywhere.
package protocol StreamFraming: Sendable {
    /// What requests for such a stream say in `Accept`, and answers in `Content-Type`.
    static var mediaType: String { get }

    init()

    /// Takes the next bytes and hands on the data of every event that they complete; the data are valid only meanwhile.
    /// - Throws: ``LLMError`` with code `responseTooLarge` for an event beyond the limit, and whatever `deliver` throws.
    ///   The framing must not be used after either.
    mutating func cut(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ deliver: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws

    /// Hands on what is an event if nothing follows it.
    mutating func end(_ deliver: (UnsafeBufferPointer<UInt8>) throws -> Void) throws
}

extension StreamFraming {
    package mutating func cut(_ bytes: [UInt8], _ deliver: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        try bytes.withUnsafeBufferPointer { try cut($0, deliver) }
    }
}

/// How large an event may grow, in bytes, unless another limit is given.
let defaultEventLimit = 16 << 20
