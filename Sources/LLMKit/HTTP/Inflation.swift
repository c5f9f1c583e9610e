import CZlib

extension [UInt8] {
    /// Whether the bytes are a gzip file, of which libcurl would have told if a header had.
    var isGzip: Bool { count > 2 && self[0] == 0x1F && self[1] == 0x8B && self[2] == 8 }

    /// The bytes unpacked, if they are packed although no header said so; else as they are.
    /// - Parameter limit: how large they may become: a kilobyte unpacks to a megabyte.
    /// - Throws: ``LLMError`` with code `malformedResponse` if they break off or are damaged, `responseTooLarge` beyond
    ///   the limit.
    func inflated(limit: Int) throws(LLMError) -> [UInt8] {
        guard isGzip else { return self }
        var stream = z_stream()
        guard llmkit_inflate_init(&stream) == Z_OK else {
            throw LLMError(.malformedResponse, "the answer is packed, and there is no memory to unpack it")
        }
        defer { inflateEnd(&stream) }
        var packed = self
        var whole: [UInt8] = []
        var status = Z_OK
        let isDone = packed.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(truncatingIfNeeded: input.count)
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            while status == Z_OK, whole.count <= limit {
                let count = piece.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return output.count - Int(stream.avail_out)
                }
                whole += piece[..<count]
                // Nothing went in and nothing came out: the end is missing.
                if count == 0, stream.avail_in == 0, status == Z_OK { break }
            }
            return status == Z_STREAM_END
        }
        guard whole.count <= limit else {
            throw LLMError(.responseTooLarge, "the packed answer exceeds the limit of \(limit) bytes when unpacked")
        }
        guard isDone else {
            throw LLMError(.malformedResponse, "the answer is packed by gzip, and breaks off or is damaged")
        }
        return whole
    }
}
