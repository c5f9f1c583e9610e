import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

/// What a gateway writes down holds no key, no prompt and no answer, whatever the upstream repeats.
@Suite struct SecrecyTests {
    static let prompt = "prompt-marker-narwhal"
    static let answer = "answer-marker-walrus"

    /// Repeats the credential of the request in every place that an answer or an error has.
    private static func echo(_ request: LoopbackServer.Request, _ responder: LoopbackServer.Responder, key: String) {
        let sent = request.headers["x-api-key"] ?? request.headers["authorization"] ?? ""
        guard sent.contains(key) else { return responder.respond(status: 400, body: "the request carried no key") }
        var headers = ["x-request-id": key, "Content-Type": "application/json"]
        let isStream = request.text.contains("\"stream\":true")
        let isAnthropic = request.headers["x-api-key"] != nil
        if request.text.contains("refuse me") {
            let error = #"{"message":"\#(sent) cannot ask \#(prompt)","type":"\#(key)","code":"\#(key)"}"#
            return responder.respond(
                status: 401,
                headers: headers,
                body: #"{"error":\#(error),"request_id":"\#(key)"}"#
            )
        }
        if request.text.contains("send me away") {
            headers["Location"] = "https://\(key).example/\(key)"
            return responder.respond(status: 302, headers: headers)
        }
        let who = #""id":"\#(key)","model":"\#(key)""#
        switch (isAnthropic, isStream) {
        case (false, false):
            let choice = #"{"message":{"content":"\#(answer)"},"finish_reason":"\#(key)"}"#
            responder.respond(headers: headers, body: #"{\#(who),"service_tier":"\#(key)","choices":[\#(choice)]}"#)
        case (false, true):
            headers["Content-Type"] = "text/event-stream"
            let choice = #"{"delta":{"content":"\#(answer)"},"finish_reason":"\#(key)"}"#
            responder.respond(headers: headers, body: "data: {\(who),\"choices\":[\(choice)]}\n\ndata: [DONE]\n\n")
        case (true, false):
            let content = #"[{"type":"text","text":"\#(answer)"}]"#
            let usage = #"{"input_tokens":5,"output_tokens":5,"service_tier":"\#(key)"}"#
            responder.respond(
                headers: headers,
                body: #"{\#(who),"type":"message","content":\#(content),"stop_reason":"\#(key)","usage":\#(usage)}"#
            )
        case (true, true):
            headers["Content-Type"] = "text/event-stream"
            let events = [
                #"{"type":"message_start","message":{\#(who),"usage":{"input_tokens":5,"inference_geo":"\#(key)"}}}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"\#(answer)"}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"\#(key)"},"usage":{"output_tokens":5}}"#,
                #"{"type":"message_stop"}"#,
            ]
            responder.respond(headers: headers, body: events.map { "data: \($0)\n\n" }.joined())
        }
    }

    @Test(arguments: ["sk-secrecy-0123456789abcdef", "Zq7secrecy0123456789abcdef"])
    func `neither ledger nor trace holds the key, the prompt or the answer`(key: String) async throws {
        let folder = try ScratchDirectory()
        let server = try LoopbackServer { request, responder in Self.echo(request, responder, key: key) }
        let ledger = try Ledger(path: folder.file("ledger.sqlite"))
        let pipeline = try Pipeline(
            router: .requested(otherwise: "a"),
            caches: [.memory()],
            meter: ledger,
            tracer: try JSONLinesTracer(path: folder.file("trace.jsonl"))
        ) {
            ChatModel("a", OpenAIProvider(model: "m-openai", key: .value(key), baseURL: server.url))
            ChatModel("b", AnthropicProvider(model: "m-claude", key: .value(key), baseURL: server.url))
        }
        var answers = 0
        for model in ["a", "b"] as [ModelName] {
            for words in ["", "refuse me", "send me away"] {
                var request = ChatRequest([.system(Self.prompt), .user("\(words) \(Self.prompt)")])
                request.model = model
                request.cachePolicy = []
                for isStream in [false, true] {
                    do throws(LLMError) {
                        let response =
                            isStream
                            ? try await pipeline.stream(request).collect() : try await pipeline.respond(to: request)
                        #expect(response.text == Self.answer)
                        #expect(!"\(response)".contains(key))
                        answers += 1
                    } catch {
                        #expect(!words.isEmpty, "\(error)")
                        #expect(!"\(error) \(String(reflecting: error))".lowercased().contains(key.lowercased()))
                    }
                }
            }
        }
        #expect(answers == 4)
        await pipeline.shutdown()
        #expect(try await ledger.charges().count == 12)

        let secrets = [key, Self.prompt, Self.answer]
        // Written in every row: without it, nothing was searched.
        var witnesses = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
            for secret in secrets { #expect(bytes.firstRange(of: Data(secret.utf8)) == nil, "\(secret) in \(name)") }
            if bytes.firstRange(of: Data("m-claude".utf8)) != nil { witnesses += 1 }
        }
        #expect(witnesses >= 2)
    }
}
