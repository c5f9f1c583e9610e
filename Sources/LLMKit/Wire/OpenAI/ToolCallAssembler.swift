/// Puts tool calls together from the pieces they arrive in.
///
/// Pieces of parallel calls interleave. By the book, `index` tells them apart; servers without indices go by id, and of
/// those that give every piece the same index, a new id, an empty one or none, the arguments tell where a call ends: a
/// whole JSON document is followed by another call, an unfinished one by more of it.
struct ToolCallAssembler: Sendable {
    private var calls: [PartialToolCall] = []
    /// How many of them have had their first event.
    private var told = 0

    /// More calls than any model makes: past it, an upstream is broken or hostile.
    private static let limit = 1_024

    /// The calls so far. Arguments are as the model wrote them: they may be invalid JSON.
    var finished: [ToolCall] { inOrder.map { calls[$0].finished } }

    /// The places of the calls as the events number them: a call whose name came late stands after those told before it.
    private var inOrder: [Int] {
        calls.indices.filter { !calls[$0].isNoise }
            .sorted { (calls[$0].number ?? .max, $0) < (calls[$1].number ?? .max, $1) }
    }

    /// Takes an element of `tool_calls`.
    /// - Parameters:
    ///   - position: which element it is.
    ///   - isWhole: whether each element is a call of its own.
    /// - Returns: how many bytes of output it held.
    mutating func read(
        _ json: inout JSONReader,
        at position: Int,
        into events: inout [StreamEvent],
        isWhole: Bool
    ) throws(JSONReader.Failure) -> Int {
        var piece = ToolCallPiece()
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "index": piece.index = try json.listIndex()
            case "id":
                piece.id = try json.kind() == .number ? try json.rawValue().description : try json.word() ?? ""
            case "function": try piece.readFunction(&json)
            // Beside the id, where a function that holds them is due.
            case "name": if piece.name.isEmpty { piece.name = try json.word() ?? "" } else { try json.skipValue() }
            case "arguments":
                if piece.arguments.isEmpty { try piece.readArguments(&json) } else { try json.skipValue() }
            case "extra_content":
                guard try json.kind() == .object else {
                    try json.skipValue()
                    continue
                }
                piece.extra = try json.rawValue()
            default: try json.skipValue()
            }
        }
        let place =
            isWhole
            ? calls.firstIndex { !piece.id.isEmpty && $0.vendorID == piece.id && $0.isContinued(by: piece) }
            : try placeByPosition(of: piece, position, in: json) ?? place(of: piece)
        return try take(piece, at: place, json, into: &events)
    }

    /// Takes a `function_call`, which older servers have in place of a list: there is only one, without an id.
    mutating func readFunction(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Int {
        var piece = ToolCallPiece()
        try piece.readFunction(&json)
        return try take(piece, at: place(of: piece), json, into: &events)
    }

    private mutating func take(
        _ piece: ToolCallPiece,
        at place: Int?,
        _ json: JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Int {
        var place = place
        if place == nil {
            // A piece that says nothing begins nothing.
            if piece.id.isEmpty, piece.name.isEmpty, piece.arguments.isEmpty { return 0 }
            guard calls.count < Self.limit else { throw json.failure("more than \(Self.limit) tool calls") }
            place = calls.count
            calls.append(PartialToolCall())
        }
        guard let place else { return 0 }
        let id = calls[place].id.isEmpty ? uniqueID(piece.id, for: place) : ""
        return try calls[place].take(piece, id: id, told: &told, into: &events)
    }

    /// Results are told apart by the id, so no two calls have the same.
    private func uniqueID(_ vendorID: String, for place: Int) -> String {
        var id = vendorID.isEmpty ? PartialToolCall.madeUpID(place) : vendorID
        while calls.indices.contains(where: { $0 != place && (calls[$0].id == id || calls[$0].fallbackID == id) }) {
            id += "_\(place + 1)"
        }
        return id
    }

    /// Takes whole calls that a message repeats, as far as the pieces did not bring them.
    /// - Returns: how many bytes of output are new.
    mutating func add(_ others: ToolCallAssembler, into events: inout [StreamEvent]) -> Int {
        let known = calls
        var count = 0
        for other in others.inOrder.map({ others.calls[$0] }) {
            let call = other.finished
            let isKnown = known.contains { mine in
                guard mine.name == call.name else { return false }
                guard mine.vendorID.isEmpty || other.vendorID.isEmpty else { return mine.vendorID == other.vendorID }
                return mine.arguments == other.arguments
            }
            guard !isKnown, calls.count < Self.limit else { continue }
            var partial = PartialToolCall()
            partial.take(call, id: uniqueID(other.vendorID, for: calls.count), told: &told, into: &events)
            calls.append(partial)
            count += call.name.utf8.count + call.arguments.utf8.count
        }
        return count
    }

    /// The answer has ended: what waited for more is told as it is.
    mutating func end(into events: inout [StreamEvent]) {
        for place in inOrder { calls[place].end(as: calls[place].finished, told: &told, into: &events) }
    }

    /// The call that a piece of several in one list goes on with, where nothing but its place in the list tells which.
    private func placeByPosition(
        of piece: ToolCallPiece,
        _ position: Int,
        in json: JSONReader
    ) throws(JSONReader.Failure) -> Int? {
        guard piece.index == nil, piece.id.isEmpty, piece.name.isEmpty, position < calls.count, calls.count > 1,
            !calls[position].isWholeDocument, calls[position].isContinued(by: piece)
        else { return nil }
        if position > 0 { return position }
        return try json.isAtEndOfArray() ? nil : position
    }

    /// The call that a piece belongs to; `nil` if it begins one.
    private func place(of piece: ToolCallPiece) -> Int? {
        guard let last = calls.indices.last else { return nil }
        if let index = piece.index, let place = calls.lastIndex(where: { $0.index == index }) {
            return calls[place].isContinued(by: piece) ? place : nil
        }
        // A number that is new is a new call, unless only the number is new.
        if !piece.id.isEmpty, let place = calls.lastIndex(where: { $0.vendorID == piece.id }) {
            return calls[place].isContinued(by: piece) ? place : nil
        }
        if piece.index != nil {
            let mayBeginOne = !piece.name.isEmpty || !piece.id.isEmpty && piece.arguments.isEmpty
            return mayBeginOne || calls[last].isWholeDocument ? nil : last
        }
        return calls[last].isContinued(by: piece) ? last : nil
    }
}
