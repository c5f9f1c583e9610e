import CZlib

/// Unpacks a stream of gzip or deflate data piece by piece, no more at a time than a reader asks for.
///
/// Not sendable: whoever holds it calls it from one place at a time.
final class Inflater {
    /// What packed data ended in.
    enum State {
        case open
        case ended
        /// The data makes no sense from here on.
        case damaged
    }

    private(set) var state = State.open
    /// On the heap, because zlib remembers where it lies.
    private let stream: UnsafeMutablePointer<z_stream>
    private let isWrapped: Bool
    /// Packed bytes, of which those before ``next`` are used up.
    private var input: [UInt8] = []
    private var next = 0
    /// Whether the last piece was full, so that more may follow it without further input.
    private var mayHaveMore = false

    /// What is unpacked at once, in bytes: a kilobyte may become a megabyte.
    private static let pieceSize = 64 << 10

    /// - Parameter isWrapped: whether the data begins with the header of gzip or zlib, rather than bare.
    /// - Returns: `nil` if there is no memory.
    init?(isWrapped: Bool) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.isWrapped = isWrapped
        guard llmkit_inflate_init(stream, isWrapped ? 1 : 0) == Z_OK else { return nil }
    }

    deinit {
        // Harmless where the beginning failed.
        inflateEnd(stream)
        stream.deallocate()
    }

    func push(_ bytes: [UInt8]) {
        if next == input.count { input = bytes } else { input = Array(input[next...]) + bytes }
        next = 0
    }

    /// What comes next; empty if more input is needed, or at the end.
    func pull() -> [UInt8] {
        beginNextMember()
        while state == .open, mayHaveMore || next < input.count {
            let (piece, status) = unpack()
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END:
                state = .ended
                beginNextMember()
            default: state = .damaged
            }
            if !piece.isEmpty { return piece }
            if status == Z_BUF_ERROR { break }
        }
        return []
    }

    private func unpack() -> (piece: [UInt8], status: Int32) {
        var status = Z_OK
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.pointee.next_in = input.baseAddress.map { $0 + next }
                stream.pointee.avail_in = UInt32(clamping: input.count - next)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let offered = stream.pointee.avail_in
                status = inflate(stream, Z_NO_FLUSH)
                next += Int(offered - stream.pointee.avail_in)
                count = output.count - Int(stream.pointee.avail_out)
            }
        }
        mayHaveMore = piece.count == Self.pieceSize
        return (piece, status)
    }

    /// A gzip file may have several members, one after the other; anything else behind the end is padding.
    private func beginNextMember() {
        guard state == .ended, isWrapped, input.count - next >= 2, input[next] == 0x1F, input[next + 1] == 0x8B else {
            return
        }
        if inflateReset(stream) == Z_OK { state = .open }
    }
}
