/// Reads a body by what its bytes are: packed by gzip or deflate they are unpacked, else handed on as they came.
///
/// What `Content-Encoding` says is only asked where the bytes cannot tell, since servers and proxies label plain bodies as
/// packed and packed ones as plain. Not sendable: whoever holds it calls it from one place at a time.
final class BodyUnpacking {
    private enum Form {
        /// Too few bytes came to tell.
        case unknown([UInt8])
        case plain([UInt8])
        /// What comes out may be packed once more.
        case packed(Inflater, BodyUnpacking)
    }

    private var form = Form.unknown([])
    /// How large what comes out may become, in bytes.
    private let limit: Int
    private var unpacked = 0
    /// How often the body may be packed; more is a trap.
    private let depth: Int
    /// Whether the header says that it is deflate data, which may be bare: that has no mark of its own.
    private let mayBeBare: () -> Bool

    /// - Parameter encoding: what `Content-Encoding` says.
    init(limit: Int, depth: Int = 3, encoding: @escaping () -> String?) {
        self.limit = limit
        self.depth = depth
        mayBeBare = { encoding()?.lowercased().contains("deflate") ?? false }
    }

    /// Whether the bytes are handed on as they come.
    var isPlain: Bool { if case .plain = form { true } else { false } }

    /// Whether the packed bytes break off or are damaged, as far as they were read.
    var isIncomplete: Bool {
        if case .packed(let inflater, let inner) = form {
            inflater.state != .ended || inner.isIncomplete
        } else {
            false
        }
    }

    /// Takes bytes of the body.
    /// - Parameter isEnd: whether nothing follows them.
    func push(_ bytes: [UInt8], isEnd: Bool = false) {
        switch form {
        case .plain(let known): form = .plain(known.isEmpty ? bytes : known + bytes)
        case .packed(let inflater, _): inflater.push(bytes)
        case .unknown(let known):
            let start = known.isEmpty ? bytes : known + bytes
            switch kind(of: start, isEnd: isEnd) {
            case nil: form = .unknown(start)
            case .plain?: form = .plain(start)
            case .wrapped?: begin(Inflater(isWrapped: true), start)
            case .bare?: begin(Inflater(isWrapped: false), start)
            }
        }
    }

    private func begin(_ inflater: Inflater?, _ start: [UInt8]) {
        guard let inflater else {
            form = .plain(start)
            return
        }
        inflater.push(start)
        form = .packed(inflater, BodyUnpacking(limit: limit, depth: depth - 1) { nil })
    }

    /// What comes next of the body, unpacked; empty if more of it must come.
    /// - Throws: ``LLMError`` with code `responseTooLarge` for more than the limit.
    func pull() throws(LLMError) -> [UInt8] {
        switch form {
        case .unknown: return []
        case .plain(let bytes):
            form = .plain([])
            return bytes
        case .packed(let inflater, let inner):
            while true {
                let more = try inner.pull()
                if !more.isEmpty { return more }
                let piece = inflater.pull()
                unpacked += piece.count
                guard unpacked <= limit else { throw TransferFailure.bodyTooLarge(limit) }
                let isEnd = inflater.state == .ended
                if piece.isEmpty, !isEnd || !inner.isUnknown { return [] }
                inner.push(piece, isEnd: isEnd)
            }
        }
    }

    private var isUnknown: Bool { if case .unknown = form { true } else { false } }

    // MARK: What the bytes are

    private enum Kind {
        case plain
        /// With a header of gzip or zlib.
        case wrapped
        case bare
    }

    /// How many bytes tell text from what is packed.
    private static let enough = 16

    /// - Returns: `nil` if more bytes must be seen.
    private func kind(of start: [UInt8], isEnd: Bool) -> Kind? {
        if depth == 0 || Self.isClearlyPlain(start) { return .plain }
        guard start.count >= 3 else {
            // The reader of a stream waits for whatever is held back here: most first bytes begin no header.
            guard let first = start.first, !isEnd else { return isEnd ? .plain : nil }
            return first == 0x1F || first == 0x78 || mayBeBare() ? nil : .plain
        }
        if start[0] == 0x1F, start[1] == 0x8B, start[2] == 8 { return .wrapped }
        // The header of zlib is a multiple of 31; "x^" is one, too, and may begin a text.
        let isZlib = start[0] & 0x0F == 8 && (Int(start[0]) << 8 | Int(start[1])) % 31 == 0
        if isZlib, start[0] == 0x78, start[1] != 0x5E { return .wrapped }
        guard mayBeBare() else { return .plain }
        guard start.count >= Self.enough || isEnd else { return nil }
        return Self.isText(start) ? .plain : isZlib ? .wrapped : .bare
    }

    /// Whether no header need be looked for: so nearly every answer begins.
    static func isClearlyPlain(_ start: [UInt8]) -> Bool {
        guard start.count >= enough, start[0] != 0x78 else { return false }
        for byte in start.prefix(enough)
        where byte < 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 || byte >= 0x7F {
            return false
        }
        return true
    }

    /// Whether the beginning is UTF-8 without control characters; its last character may be cut.
    private static func isText(_ start: [UInt8]) -> Bool {
        var bytes = start[...]
        for _ in 0..<3 where String(validating: bytes, as: UTF8.self) == nil { bytes = bytes.dropLast() }
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        return bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }
}

extension BodyUnpacking {
    /// A whole body, unpacked as far as it can be.
    /// - Throws: ``LLMError`` with code `responseTooLarge` for more than the limit.
    static func whole(
        _ body: [UInt8],
        limit: Int,
        encoding: @escaping () -> String?
    ) throws(LLMError) -> (bytes: [UInt8], isIncomplete: Bool) {
        if isClearlyPlain(body) { return (body, false) }
        let unpacking = BodyUnpacking(limit: limit, encoding: encoding)
        unpacking.push(body, isEnd: true)
        if unpacking.isPlain { return (body, false) }
        var whole: [UInt8] = []
        while true {
            let piece = try unpacking.pull()
            if piece.isEmpty { return (whole, unpacking.isIncomplete) }
            whole += piece
        }
    }
}
