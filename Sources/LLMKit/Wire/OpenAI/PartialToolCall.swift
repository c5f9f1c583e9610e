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
    private var content = CallArguments()
    /// What must go back to the vendor with the call.
    private(set) var extra: VendorPart?

    var arguments: String { content.json }
    /// Whether the arguments so far are a document: nothing that belongs to them can follow.
    var isWholeDocument: Bool { content.isWholeDocument }
    /// Whether nothing came that makes a call.
    var isNoise: Bool { name.isEmpty && arguments.isEmpty }

    /// The call as it would be if nothing more came.
    var finished: ToolCall {
        var call = ToolCall(id: id.isEmpty ? fallbackID : id, name: name, arguments: content.finished)
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
        // An id, a name and a beginning of its own, where no number tells: calls that interleave.
        if hasOtherID, piece.index == nil, !piece.name.isEmpty, !arguments.isEmpty, piece.beginsObject { return false }
        // A piece that names nothing begins nothing.
        if piece.name.isEmpty { return !(hasOtherID && isWholeDocument && !piece.arguments.isEmpty) }
        if name.isEmpty { return true }
        // The name once more: a server that repeats it with every piece, or another call of the same tool.
        if isWholeDocument {
            let isSame = !piece.id.isEmpty && piece.id == vendorID && piece.arguments == arguments
            return isSame || piece.arguments.isEmpty || content.isPlaceholder(before: piece.arguments) && !hasOtherID
        }
        if arguments.isEmpty { return !hasOtherID || !piece.arguments.isEmpty }
        return true
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
        let more = try content.take(piece.arguments, piece.reader)
        added += more.utf8.count
        tell(more, told: &told, into: &events)
        return added
    }

    /// Takes a call that came whole.
    mutating func take(_ call: ToolCall, id newID: String, told: inout Int, into events: inout [StreamEvent]) {
        (vendorID, id, name, extra) = (call.id, newID, call.name, call.extra)
        content = CallArguments(whole: call.arguments)
        tell(call.arguments, told: &told, into: &events)
    }

    /// Tells what is new. The first event waits for the name, and for an id as long as nothing else is there to tell.
    private mutating func tell(_ more: String, told: inout Int, into events: inout [StreamEvent]) {
        if let number {
            if !more.isEmpty { events.append(.toolCall(ToolCallDelta(index: number, arguments: more))) }
            return
        }
        guard !name.isEmpty, !id.isEmpty || !content.isEmpty else { return }
        if id.isEmpty { id = fallbackID }
        events.append(.toolCall(ToolCallDelta(index: begin(&told), id: id, name: name, arguments: content.told)))
    }

    /// Takes the next number.
    private mutating func begin(_ told: inout Int) -> Int {
        defer { told += 1 }
        number = told
        return told
    }

    /// Tells what was held back.
    mutating func end(as call: ToolCall, told: inout Int, into events: inout [StreamEvent]) {
        let rest = content.end()
        if let number {
            if !rest.isEmpty { events.append(.toolCall(ToolCallDelta(index: number, arguments: rest))) }
        } else {
            let delta = ToolCallDelta(index: begin(&told), id: call.id, name: name, arguments: content.told)
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

    /// Whether its arguments may be the beginning of a call's.
    var beginsObject: Bool { arguments.utf8.first { $0 > 0x20 } == UInt8(ascii: "{") }

    /// Takes the member `function`.
    mutating func readFunction(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        // Other names of the arguments, which some servers have.
        var others: JSONReader?
        while let key = try json.nextKey() {
            switch key {
            case "name": name = try json.word() ?? name
            case "arguments": try readArguments(&json)
            case "parameters", "args": others = try json.bookmark()
            default: try json.skipValue()
            }
        }
        if var others, arguments.isEmpty { try readArguments(&others) }
    }

    /// Takes arguments: text of JSON by the book; some servers write the object itself.
    mutating func readArguments(_ json: inout JSONReader) throws(JSONReader.Failure) {
        switch try json.kind() {
        case .string:
            reader = json
            arguments = try json.string()
        case .null: _ = try json.takeNull()
        default: arguments = try json.rawValue().description
        }
    }
}
