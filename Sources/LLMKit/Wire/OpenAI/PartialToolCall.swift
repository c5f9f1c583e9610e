/// A tool call as far as it has arrived.
struct PartialToolCall: Sendable {
    /// Which call of the answer it is, from 0, in the order in which they are told; `nil` before its first event.
    private(set) var number: Int?
    private(set) var index: Int?
    /// The vendor's id, by which pieces find their call; several calls may claim the same.
    private(set) var vendorID = ""
    /// The id that the call gets if the vendor gives none.
    private(set) var fallbackID = ""
    /// The id that the app sees.
    private(set) var id = ""
    private(set) var name = ""
    private var text = CutText()
    private var balance = JSONBalance()
    /// What must go back to the vendor with the call.
    private(set) var extra: VendorPart?
    /// Arguments that may be a mere beginning, `{}`, before the real ones.
    private var placeholder: String?
    /// Whether the arguments are JSON of JSON, which can be read only when all of it is there.
    private var isQuoted = false

    var arguments: String { placeholder ?? (isQuoted ? text.text.documentInQuotes : nil) ?? text.text }
    /// Whether the arguments so far are a document: nothing that belongs to them can follow.
    var isWholeDocument: Bool { placeholder != nil || balance.isClosed }
    /// Whether nothing came that makes a call.
    var isNoise: Bool { name.isEmpty && arguments.isEmpty }

    /// The call as it would be if nothing more came.
    var finished: ToolCall {
        let arguments = arguments
        var call = ToolCall(
            id: id.isEmpty ? fallbackID : id,
            name: name,
            arguments: arguments.isEmpty ? "{}" : arguments
        )
        call.extra = extra
        return call
    }

    /// The id of a call whose vendor gives none.
    static func madeUpID(_ number: Int) -> String { "call_\(number + 1)" }

    /// Whether a piece that claims the same place is more of this call, and not the next one.
    func isContinued(by piece: ToolCallPiece) -> Bool {
        let hasOtherName = !piece.name.isEmpty && !name.isEmpty && piece.name != name
        if hasOtherName { return false }
        let hasOtherID = !piece.id.isEmpty && !vendorID.isEmpty && piece.id != vendorID
        // A piece that names nothing begins nothing.
        if piece.name.isEmpty { return !(hasOtherID && isWholeDocument && !piece.arguments.isEmpty) }
        if name.isEmpty { return true }
        // The name once more: a server that repeats it with every piece, or another call of the same tool.
        if isWholeDocument {
            let isSame = !piece.id.isEmpty && piece.id == vendorID && piece.arguments == arguments
            return isSame || piece.arguments.isEmpty || isPlaceholder(before: piece) && !hasOtherID
        }
        if arguments.isEmpty { return !hasOtherID || !piece.arguments.isEmpty }
        return true
    }

    private func isPlaceholder(before piece: ToolCallPiece) -> Bool {
        placeholder != nil && piece.arguments.utf8.first { $0 > 0x20 } == UInt8(ascii: "{")
    }

    /// - Parameters:
    ///   - id: the id that the call gets, if it has none yet.
    ///   - told: how many calls were told so far.
    /// - Returns: how many bytes of output the piece held.
    mutating func take(
        _ piece: ToolCallPiece,
        id newID: String,
        told: inout Int,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Int {
        index = index ?? piece.index
        var added = 0
        if name.isEmpty {
            name = piece.name
            added += name.utf8.count
        }
        // One that was made up and told stays.
        if id.isEmpty { (id, fallbackID) = (piece.id.isEmpty ? "" : newID, newID) }
        if vendorID.isEmpty { vendorID = piece.id }
        if let json = piece.extra { extra = VendorPart(origin: OpenAIDialect.wireFormat, json: json) }
        let more = try takeArguments(piece)
        added += more.utf8.count
        tell(more, told: &told, into: &events)
        return added
    }

    /// - Returns: what the piece adds to the arguments.
    private mutating func takeArguments(_ piece: ToolCallPiece) throws(JSONReader.Failure) -> String {
        guard !piece.arguments.isEmpty else { return "" }
        if let known = placeholder {
            defer { placeholder = nil }
            // The real ones come instead of it; whatever else comes, comes after it.
            if isPlaceholder(before: piece) { return try take(text: piece) }
            _ = text.take(known)
            balance.take(known)
            return known + (try take(text: piece))
        }
        if text.isEmpty, piece.arguments.isEmptyObject {
            placeholder = piece.arguments
            return ""
        } else if balance.isClosed, piece.arguments == text.text {
            // All of it once more.
            return ""
        }
        return try take(text: piece)
    }

    private mutating func take(text piece: ToolCallPiece) throws(JSONReader.Failure) -> String {
        var more = piece.arguments
        if var reader = piece.reader, text.isCut || more.utf8.contains(0xEF) {
            more = try text.take(&reader)
        } else {
            more = text.take(more)
        }
        if text.text.utf8.count == more.utf8.count, more.utf8.first == UInt8(ascii: "\"") { isQuoted = true }
        guard !isQuoted else { return "" }
        balance.take(more)
        return more
    }

    /// Takes a call that came whole.
    mutating func take(_ call: ToolCall, id newID: String, told: inout Int, into events: inout [StreamEvent]) {
        (vendorID, id, name, extra) = (call.id, newID, call.name, call.extra)
        _ = text.take(call.arguments)
        tell(call.arguments, told: &told, into: &events)
    }

    /// Tells what is new. The first event waits for the name, and for an id as long as nothing else is there to tell.
    private mutating func tell(_ more: String, told: inout Int, into events: inout [StreamEvent]) {
        if let number {
            if !more.isEmpty { events.append(.toolCall(ToolCallDelta(index: number, arguments: more))) }
            return
        }
        guard !name.isEmpty, !id.isEmpty || !text.text.isEmpty else { return }
        if id.isEmpty { id = fallbackID }
        let known = isQuoted ? "" : text.text
        events.append(.toolCall(ToolCallDelta(index: begin(&told), id: id, name: name, arguments: known)))
    }

    /// Takes the next number.
    private mutating func begin(_ told: inout Int) -> Int {
        defer { told += 1 }
        number = told
        return told
    }

    /// Tells what was held back.
    mutating func end(as call: ToolCall, told: inout Int, into events: inout [StreamEvent]) {
        var rest = text.finish()
        if text.isEmpty {
            rest = call.arguments
            placeholder = nil
            _ = text.take(rest)
        } else if isQuoted {
            rest = arguments
            (text, isQuoted) = (CutText(rest), false)
        }
        if let number {
            if !rest.isEmpty { events.append(.toolCall(ToolCallDelta(index: number, arguments: rest))) }
        } else {
            let delta = ToolCallDelta(index: begin(&told), id: call.id, name: name, arguments: text.text)
            events.append(.toolCall(delta))
        }
        id = call.id
    }
}

/// An element of `tool_calls` in a stream.
struct ToolCallPiece {
    var index: Int?
    var id = ""
    var name = ""
    var arguments = ""
    /// Where the arguments stand as a string, for characters that are cut between two pieces.
    var reader: JSONReader?
    var extra: JSONText?

    /// Takes the member `function`.
    mutating func readFunction(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "name": name = try json.word() ?? ""
            case "arguments":
                // Text of JSON by the book; some servers write the object itself.
                switch try json.kind() {
                case .string:
                    reader = json
                    arguments = try json.string()
                case .null: _ = try json.takeNull()
                default: arguments = try json.rawValue().description
                }
            default: try json.skipValue()
            }
        }
    }
}
