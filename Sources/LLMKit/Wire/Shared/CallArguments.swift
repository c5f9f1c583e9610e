/// The arguments of a tool call, put together from the pieces in which a stream brings them.
///
/// Servers begin with `{}` and send the real ones after it, send all of them once more at the end, write `[]`, `null` or
/// nothing for a tool that takes none, and encode them twice.
struct CallArguments: Sendable {
    private var text = CutText()
    private var balance = JSONBalance()
    /// What says that there are none, and may be a mere beginning before the real ones.
    private var placeholder: String?
    /// Whether they are JSON of JSON, which can be read only when all of it is there.
    private var isQuoted = false

    init() {}

    /// Arguments that came whole.
    init(whole: String) {
        text = CutText(whole)
        balance.take(whole)
    }

    /// What came so far.
    var json: String { placeholder ?? (isQuoted ? text.text.documentInQuotes : nil) ?? text.text }
    /// The arguments if nothing more comes: as the model wrote them, so they may be invalid JSON.
    var finished: String { placeholder != nil || json.isEmpty ? "{}" : json }
    /// What of them was given out by ``take(_:_:)``.
    var told: String { isQuoted ? "" : text.text }
    /// Whether nothing came but perhaps a placeholder.
    var isEmpty: Bool { text.isEmpty }
    /// Whether they are a document so far: nothing that belongs to them can follow.
    var isWholeDocument: Bool { placeholder.map { !$0.isBlank } ?? balance.isClosed }

    /// Whether a piece comes instead of what came so far.
    func isPlaceholder(before piece: String) -> Bool {
        guard let placeholder else { return false }
        return placeholder.isBlank || piece.utf8.first { $0 > 0x20 } == UInt8(ascii: "{")
    }

    /// - Parameter reader: where the piece stands as a string, for characters that are cut between two pieces.
    /// - Returns: what the piece adds.
    mutating func take(_ piece: String, _ reader: JSONReader?) throws(JSONReader.Failure) -> String {
        guard !piece.isEmpty else { return "" }
        if let known = placeholder {
            if piece.meansNoArguments {
                if known.isBlank { placeholder = piece }
                return ""
            }
            let isReplaced = isPlaceholder(before: piece)
            placeholder = nil
            // The real ones come instead of it; whatever else comes, comes after it.
            if isReplaced { return try append(piece, reader) }
            _ = text.take(known)
            balance.take(known)
            return known + (try append(piece, reader))
        }
        if text.isEmpty, piece.meansNoArguments {
            placeholder = piece
            return ""
        }
        if balance.isClosed, isSame(piece) { return "" }
        return try append(piece, reader)
    }

    private mutating func append(_ piece: String, _ reader: JSONReader?) throws(JSONReader.Failure) -> String {
        let isFirst = text.isEmpty
        var more = piece
        if var reader, text.isCut || piece.utf8.contains(0xEF) {
            more = try text.take(&reader)
        } else {
            more = text.take(piece)
        }
        if isFirst, more.utf8.first == UInt8(ascii: "\"") { isQuoted = true }
        guard !isQuoted else { return "" }
        balance.take(more)
        return more
    }

    /// Whether a piece is all of it once more, perhaps with other spaces.
    private func isSame(_ piece: String) -> Bool {
        if piece == text.text { return true }
        guard piece.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{"), piece.utf8.count * 4 > text.text.utf8.count,
            let again = try? JSONValue(parsing: piece)
        else { return false }
        return again == (try? JSONValue(parsing: text.text))
    }

    /// Nothing more comes.
    /// - Returns: what was not given out yet.
    mutating func end() -> String {
        var rest = text.finish()
        if text.isEmpty {
            rest = finished
            placeholder = nil
            _ = text.take(rest)
        } else if isQuoted {
            rest = json
            (text, isQuoted) = (CutText(rest), false)
        }
        return rest
    }
}

extension String {
    /// Whether it says that a tool takes no arguments.
    fileprivate var meansNoArguments: Bool {
        guard utf8.count < 64 else { return false }
        let text = utf8.lazy.filter { $0 > 0x20 }
        return text.isEmpty || ["{}", "[]", "null"].contains { text.elementsEqual($0.utf8) }
    }
}
