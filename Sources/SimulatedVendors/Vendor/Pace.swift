/// When the pieces of an answer are sent: a wait before the first token, and a short one before each other.
struct Pace {
    private let first: Duration
    private let perToken: Duration

    init(model: SimulatedModel, hash: StableHash, scale: Double) {
        first = .milliseconds(hash.combined(with: "first token").value(in: model.firstToken) * scale)
        perToken = .milliseconds(model.perToken * scale)
    }

    func whole(_ tokens: Int) -> Duration { first + perToken * tokens }

    /// - Parameter pieces: of a stream, each of one event or of several.
    func chunks(_ pieces: [StreamPiece]) -> [HTTPReply.Chunk] {
        var chunks: [HTTPReply.Chunk] = []
        for piece in pieces {
            for (place, event) in Self.events(in: piece.bytes).enumerated() {
                let isToken = piece.isToken && place == 0
                chunks.append(HTTPReply.Chunk(delay: chunks.isEmpty ? first : isToken ? perToken : .zero, bytes: event))
            }
        }
        return chunks
    }

    /// Server-sent events end in a blank line, and hold none.
    private static func events(in bytes: [UInt8]) -> [[UInt8]] {
        let lineFeed = UInt8(ascii: "\n")
        var events: [[UInt8]] = []
        var start = 0
        for index in bytes.indices.dropFirst() where bytes[index] == lineFeed && bytes[index - 1] == lineFeed {
            events.append(Array(bytes[start...index]))
            start = index + 1
        }
        return events
    }
}

/// A part of a stream, ready to be sent.
struct StreamPiece: Sendable {
    var bytes: [UInt8]
    /// Whether it carries a token, and so takes the time of one.
    var isToken = false

    /// The pieces of several answers that are written at the same time: one of each in turn. What comes in the same turn
    /// takes the time of one token.
    static func taken(inTurnFrom answers: [[StreamPiece]]) -> [StreamPiece] {
        var pieces: [StreamPiece] = []
        for turn in 0..<(answers.map(\.count).max() ?? 0) {
            var isTimed = false
            for answer in answers where turn < answer.count {
                var piece = answer[turn]
                if isTimed { piece.isToken = false }
                isTimed = isTimed || piece.isToken
                pieces.append(piece)
            }
        }
        return pieces
    }
}
