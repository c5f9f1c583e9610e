/// Puts tool calls together from the pieces they arrive in.
///
/// Pieces of parallel calls interleave and are told apart by `index`; servers without indices are told apart by id, and
/// those that give every call the same index as well.
struct ToolCallAssembler: Sendable {
    private struct Partial {
        var index: Int?
        var id: String
        var name: String
        var arguments: String
        /// Whether the id is ours, because the vendor gave none with the first piece.
        var hasMadeUpID = false
    }

    private var calls: [Partial] = []

    /// More calls than any model makes: past it, an upstream is broken or hostile.
    private static let limit = 1_024

    /// The calls so far. Arguments are as the model wrote them: they may be invalid JSON.
    var finished: [ToolCall] {
        calls.map { ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments.isEmpty ? "{}" : $0.arguments) }
    }

    /// Takes an element of `tool_calls`.
    /// - Parameter isWhole: whether each element is a call of its own.
    /// - Returns: how many bytes of output it held.
    mutating func read(
        _ json: inout JSONReader,
        into events: inout [StreamEvent],
        isWhole: Bool
    ) throws(JSONReader.Failure) -> Int {
        var piece = Partial(index: nil, id: "", name: "", arguments: "")
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "index": piece.index = try json.optionalInt()
            case "id": piece.id = try json.stringIfAny() ?? ""
            case "function":
                guard try !json.takeNull() else { continue }
                try Self.readFunction(&json, into: &piece)
            default: try json.skipValue()
            }
        }
        let place = isWhole ? nil : place(of: piece)
        if let place {
            calls[place].arguments += piece.arguments
            if !piece.arguments.isEmpty {
                events.append(.toolCall(ToolCallDelta(index: place, arguments: piece.arguments)))
            }
        } else {
            guard calls.count < Self.limit else { throw json.failure("more than \(Self.limit) tool calls") }
            if piece.id.isEmpty {
                piece.id = "call_\(calls.count + 1)"
                piece.hasMadeUpID = true
            }
            let delta = ToolCallDelta(
                index: calls.count,
                id: piece.id,
                name: piece.name,
                arguments: piece.arguments
            )
            calls.append(piece)
            events.append(.toolCall(delta))
        }
        return piece.name.utf8.count + piece.arguments.utf8.count
    }

    private static func readFunction(_ json: inout JSONReader, into piece: inout Partial) throws(JSONReader.Failure) {
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "name": piece.name = try json.stringIfAny() ?? ""
            case "arguments":
                // Text of JSON by the book; some servers write the object itself.
                switch try json.kind() {
                case .string: piece.arguments = try json.string()
                case .null: _ = try json.takeNull()
                default: piece.arguments = try json.rawValue().description
                }
            default: try json.skipValue()
            }
        }
    }

    /// The call that a piece belongs to; `nil` if it begins one.
    private func place(of piece: Partial) -> Int? {
        if let index = piece.index {
            guard let place = calls.lastIndex(where: { $0.index == index }) else { return nil }
            return piece.id.isEmpty || piece.id == calls[place].id || calls[place].hasMadeUpID ? place : nil
        }
        if !piece.id.isEmpty { return calls.lastIndex { $0.id == piece.id } }
        return piece.name.isEmpty ? calls.indices.last : nil
    }
}
