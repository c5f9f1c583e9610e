import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct StructuredAnswersTests {
    private struct Trip: Decodable, Equatable {
        var city: String
        var days: Int
        var start: Date?
    }

    private func error(_ provider: MockProvider) async -> LLMError? {
        await #expect(throws: LLMError.self) { try await provider.respond(to: "Plan a trip.", as: Trip.self) }
    }

    @Test(arguments: [
        #"{"city":"Lyon","days":2,"start":null}"#, "```json\n{\"city\":\"Lyon\",\"days\":2}\n```",
        "\n```\r\n{\"city\":\"Lyon\",\r\n\"days\":2}\r\n```  \n",
    ])
    func `an answer is decoded, fenced or not`(text: String) async throws {
        let mock = MockProvider(text)
        #expect(try await mock.respond(to: "Plan a trip.", as: Trip.self) == Trip(city: "Lyon", days: 2))
        let schema = try JSONSchema(for: Trip.self)
        #expect(mock.requests.map(\.responseFormat) == [.jsonSchema(schema)])
    }

    @Test func `an answer comes with its response where that is wanted`() async throws {
        let mock = MockProvider(script: [
            .answer(ChatResponse(#"{"city":"Lyon","days":2}"#, usage: Usage(input: 7, output: 3)))
        ])
        let trip = try await mock.typedResponse(to: "Plan a trip.", as: Trip.self)
        #expect(trip.answer == Trip(city: "Lyon", days: 2))
        #expect(trip.response.usage == Usage(input: 7, output: 3))
    }

    @Test(arguments: ["2024-05-01T12:00:00Z", "2024-05-01T12:00:00.000Z", "2024-05-01T14:00:00+02:00"])
    func `dates are ISO 8601`(text: String) async throws {
        let mock = MockProvider(#"{"city":"Lyon","days":2,"start":"\#(text)"}"#)
        let trip = try await mock.respond(to: "Plan a trip.", as: Trip.self)
        #expect(trip.start == Date(timeIntervalSince1970: 1_714_564_800))
    }

    @Test func `a schema by hand is sent as it is`() async throws {
        let schema = try JSONSchema(name: "mine", #"{"type":"object"}"#)
        let mock = MockProvider(#"{"city":"Lyon","days":2}"#)
        _ = try await mock.respond(to: "Plan a trip.", as: Trip.self, schema: schema)
        #expect(mock.requests.map(\.responseFormat) == [.jsonSchema(schema)])
    }

    @Test(arguments: [
        (#"{"city":"Lyon","days":"two"}"#, "days"), (#"{"city":"Lyon"}"#, "days"), ("Sorry, I cannot.", ""), ("", ""),
        ("```json\n{\"city\":1}\n```", ""),
    ])
    func `what does not decode is kept for the app and out of the message`(text: String, path: String) async throws {
        let error = try #require(await error(MockProvider(text)))
        #expect(error.code == .invalidAnswer)
        #expect(!error.isRetryable)
        let invalid = try #require(error.cause as? InvalidAnswer)
        #expect(invalid.text == text)
        #expect(invalid.path == path)
        #expect(!error.message.contains("Lyon") && !error.message.contains("Sorry"))
    }

    @Test(arguments: [
        (FinishReason.refusal, LLMError.Code.refused), (.contentFilter, .contentFiltered), (.length, .truncated),
        (.toolCalls, .invalidAnswer),
    ])
    func `refused and cut answers have codes of their own`(finish: FinishReason, code: LLMError.Code) async {
        let response = ChatResponse(.assistant("{"), finish: finish, usage: Usage(input: 3, output: 4))
        let error = await error(MockProvider(script: [.answer(response)]))
        #expect(error?.code == code)
        #expect(error?.isRetryable == false)
        #expect(error?.usage == response.usage)
    }

    @Test func `a provider's own error passes through`() async {
        let error = await error(MockProvider.failing(LLMError(.overloaded, "busy")))
        #expect(error?.code == .overloaded)
    }

    @Test func `a document comes as it was written, without a fence around it`() throws {
        let document = #"{"b": 1.0, "a": [1e2]}"#
        #expect(try ChatResponse(document).document().description == document)
        for text in [
            "```json\n\(document)\n```\n", "Sure!\n```json\n\(document)\n```\nEnjoy!", "\n \(document)\n",
            "<think>hm {}</think>\n\(document)", "<think>a\n```\nb\n```</think>\n\nHere:\n```\n\n\(document)\n```",
            "Run this:\n```sh\nmake\n```\nand get\n```JSON\n\(document)\n```",
        ] {
            #expect(try ChatResponse(text).document().description == document, "\(text)")
        }
    }

    @Test func `a document is checked against its schema, and the place is told apart from the message`() async throws {
        let schema = try JSONSchema(for: Trip.self)
        let good = #"{"city":"Lyon","days":2,"start":null}"#
        #expect(try await ChatResponse("Sure!\n```\n\(good)\n```").document(following: schema).description == good)
        let bad = ChatResponse(#"{"city":"Lyon","days":"two","start":null}"#, usage: Usage(input: 3, output: 4))
        let error = await #expect(throws: LLMError.self) { try await bad.document(following: schema) }
        #expect(error?.code == .invalidAnswer)
        #expect(error?.usage == bad.usage)
        #expect((error?.cause as? InvalidAnswer)?.path == "/days")
        #expect(error?.message.contains("days") == false)
        let odd = try JSONSchema(#"{"type":"object","vendorKeyword":1}"#)
        let unknown = await #expect(throws: LLMError.self) { try await bad.document(following: odd) }
        #expect(unknown?.code == .invalidConfiguration)
        let cut = ChatResponse(.assistant("{"), finish: .length)
        await #expect(throws: LLMError.self) { try await cut.document(following: schema) }
    }

    @Test(arguments: [
        (#"{"a": 1"#, FinishReason.length, LLMError.Code.truncated), ("no", .refusal, .refused),
        ("Here it is: {}", .stop, .invalidAnswer), ("", .stop, .invalidAnswer),
    ])
    func `what is no whole document is an error without the answer's words`(
        text: String,
        finish: FinishReason,
        code: LLMError.Code
    ) {
        let error = #expect(throws: LLMError.self) {
            try ChatResponse(.assistant(text), finish: finish).document()
        }
        #expect(error?.code == code)
        #expect(error?.message.contains("Here") == false)
    }

    @Test(arguments: [
        ("```json\n1\n```", "1"), ("````\n```\n````", "```"), ("```\n1", nil), ("1", nil), ("a\n```\n1\n```", "1"),
        ("```\n1\n````", "1"), ("```\n1\n```\nb", "1"), ("```", nil), ("", nil), ("a ```1``` b", nil),
        ("```\n1\n```\n```\n2\n```", nil), ("```json\n1\n```\n```json\n2\n```", nil), ("```\n1\n```\n```\n2", nil),
        ("```json\n1\n```\n```\n2\n```", "1"),
    ])
    func `only a text with one fenced document is unwrapped`(text: String, inside: String?) {
        #expect(text.insideFence == inside)
    }
}
