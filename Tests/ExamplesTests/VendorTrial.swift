import LLMKit
import Testing

@testable import SimulatedVendors

/// What the tests of the simulated vendors share: requests, and the reading of replies.
protocol VendorTrial {}

extension VendorTrial {
    var handbook: String {
        """
        The harbour office is open from 8:00 to 20:00 in summer. Dogs are welcome on a lead. Cats must stay on board.
        """
    }

    func request(
        _ format: SimulatedVendor.WireFormat,
        system: JSONValue? = nil,
        question: String,
        more: JSONValue = [:]
    ) -> VendorRequest {
        var body: [ExactString: JSONValue] = ["model": format == .openAI ? "gpt-4o-mini" : "claude-haiku-5-5"]
        let system = system ?? JSONValue(handbook)
        var messages: [JSONValue] = [["role": "user", "content": JSONValue(question)]]
        if format == .openAI {
            messages.insert(["role": "system", "content": system], at: 0)
        } else {
            body["max_tokens"] = 500
            body["system"] = system
        }
        body["messages"] = .array(messages)
        body.merge(more.members ?? [:]) { _, new in new }
        return VendorRequest(
            method: "POST",
            path: format == .openAI ? "/v1/chat/completions" : "/v1/messages",
            headers: ["authorization": "Bearer simulated", "anthropic-version": "2023-06-01"],
            body: Array(JSONValue.object(body).canonicalText.utf8)
        )
    }

    func request(
        _ format: SimulatedVendor.WireFormat,
        system: String,
        question: String
    ) -> VendorRequest {
        request(format, system: JSONValue(system), question: question)
    }

    func json(_ reply: HTTPReply) throws -> JSONValue {
        try JSONValue(parsing: String(decoding: reply.chunks.flatMap(\.bytes), as: UTF8.self))
    }

    func usage(_ reply: HTTPReply) throws -> JSONValue { try #require(try json(reply)["usage"]) }

    /// The documents of a stream, in their order.
    func events(_ reply: HTTPReply) throws -> [JSONValue] {
        try reply.chunks.flatMap { String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n") }
            .filter { $0.hasPrefix("data: {") }
            .map { try JSONValue(parsing: String($0.dropFirst(6))) }
    }
}
