import Foundation
import Testing

@testable import LLMKit

/// Reads files of `Fixtures/`.
enum Fixture {
    static func bytes(_ name: String, at path: String = #filePath) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name)")))
    }
}

/// Feeds bytes to decoders the way a network would.
enum Replay {
    /// What a stream said, event by event, and as a whole.
    struct Outcome: Equatable {
        var events: [StreamEvent]
        var response: ChatResponse
    }

    static func stream(_ pieces: [[UInt8]], _ decoder: some AnswerDecoder) throws -> Outcome {
        var parser = ServerSentEventParser()
        var decoder = decoder
        var events: [StreamEvent] = []
        for piece in pieces {
            try parser.feed(piece) { event in try decoder.read(event, into: &events) }
        }
        #expect(decoder.isComplete)
        return Outcome(events: events, response: try answer(of: decoder))
    }

    static func stream(_ events: String..., decoder: some AnswerDecoder) throws -> Outcome {
        try stream([Array(events.map { "data: \($0)\n\n" }.joined().utf8)], decoder)
    }

    static func whole(_ body: [UInt8], _ decoder: some AnswerDecoder) throws -> ChatResponse {
        var decoder = decoder
        try body.withUnsafeBufferPointer { bytes in try decoder.readAnswer(bytes) }
        return try answer(of: decoder)
    }

    static func whole(_ body: String, _ decoder: some AnswerDecoder) throws -> ChatResponse {
        try whole(Array(body.utf8), decoder)
    }

    /// As the transport completes it.
    private static func answer(of decoder: some AnswerDecoder) throws -> ChatResponse {
        var response = try decoder.response()
        response.usage = decoder.reportedUsage.filled(inputByteCount: 0, isComplete: true)
        return response
    }
}

extension [UInt8] {
    /// With every line ended in CR LF.
    var withCRLF: [UInt8] { flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] } }
}

/// JSON as Foundation sees it, for comparisons.
func parsed(_ json: [UInt8]) throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: Data(json)) as? NSDictionary)
}

func parsed(_ json: String) throws -> NSDictionary { try parsed(Array(json.utf8)) }
