import Foundation
import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Vendor embeddings over real sockets.
@Suite struct OpenAIEmbedderTests {
    private static let secret = "sk-embedding-0123456789abcdef"

    /// What a request asked for.
    struct Asked: Decodable, Sendable {
        var model: String
        var input: [String]
        var encoding_format: String
        var dimensions: Int?

        init(_ request: LoopbackServer.Request) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(request.body))
        }
    }

    private func embedder(
        _ server: LoopbackServer,
        dimensions: Int = 3,
        shortens: Bool = false,
        encoding: OpenAIEmbedder.Encoding = .float,
        maxTokens: Int = 100,
        batchSize: Int = 2
    ) -> OpenAIEmbedder {
        OpenAIEmbedder(
            model: "embed-x",
            dimensions: dimensions,
            shortens: shortens,
            key: .value(Self.secret),
            baseURL: "\(server.url)/v1",
            encoding: encoding,
            maxTokens: maxTokens,
            batchSize: batchSize,
            client: .forTesting()
        )
    }

    private func server(status: Int = 200, _ body: String) throws -> LoopbackServer {
        try LoopbackServer { _, responder in
            responder.respond(status: status, headers: ["Content-Type": "application/json"], body: body)
        }
    }

    /// Answers with the length of each text, the last first.
    private static func lengths(_ asked: Asked, base64: Bool) -> String {
        let data = asked.input.enumerated().reversed().map { index, text in
            let numbers = [Float(text.utf8.count), 4, 0]
            let bytes = numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
            let vector = base64 ? "\"\(Data(bytes).base64EncodedString())\"" : "\(numbers)"
            return #"{"object":"embedding","index":\#(index),"embedding":\#(vector)}"#
        }
        let usage = #"{"prompt_tokens":\#(asked.input.count * 5),"total_tokens":\#(asked.input.count * 5)}"#
        return #"{"object":"list","data":[\#(data.joined(separator: ","))],"model":"embed-x","usage":\#(usage)}"#
    }

    @Test(arguments: [OpenAIEmbedder.Encoding.float, .base64])
    func `texts go out in batches and come back in order, of length one, and billed`(
        encoding: OpenAIEmbedder.Encoding
    ) async throws {
        let seen = Mutex<[Asked]>([])
        let server = try LoopbackServer { request, responder in
            guard request.path == "/v1/embeddings", request.headers["authorization"] == "Bearer \(Self.secret)",
                let asked = try? Asked(request)
            else { return responder.respond(status: 404, body: "") }
            seen.withLock { $0.append(asked) }
            responder.respond(
                headers: ["Content-Type": "application/json"],
                body: Self.lengths(asked, base64: asked.encoding_format == "base64")
            )
        }
        let texts = ["abc", "", String(repeating: "\u{E9}", count: 99), "x", "123"]
        let answer = try await embedder(server, encoding: encoding).embed(texts)
        #expect(answer.vectors[0] == [0.6, 0.8, 0])
        #expect(answer.vectors[4] == [0.6, 0.8, 0])
        #expect(answer.vectors.count == 5)
        #expect(answer.usage.input == 25)
        let asked = seen.withLock { $0 }
        #expect(asked.map(\.input.count) == [2, 2, 1])
        #expect(asked.allSatisfy { $0.model == "embed-x" && $0.dimensions == nil })
        // Nothing empty, and nothing of more bytes than tokens may be.
        #expect(asked[0].input[1] == " ")
        #expect(asked[1].input[0] == String(repeating: "\u{E9}", count: 50))
        #expect(try await embedder(server).embed([]).vectors.isEmpty)
        #expect(seen.withLock { $0.count } == 3)
    }

    @Test func `shorter vectors are asked for only where that is wanted`() async throws {
        let seen = Mutex<Asked?>(nil)
        let server = try LoopbackServer { request, responder in
            seen.withLock { $0 = try? Asked(request) }
            responder.respond(body: #"{"data":[{"embedding":[3,4]}]}"#)
        }
        let answer = try await embedder(server, dimensions: 2, shortens: true).embed(["abcdefgh"])
        #expect(answer.vectors == [[0.6, 0.8]])
        #expect(seen.withLock { $0?.dimensions } == 2)
        // A server that does not count is billed by estimate.
        #expect(answer.usage == Usage(input: 2, isEstimated: true))
    }

    static let malformed: [(body: String, expected: String)] = [
        ("", "empty body"), ("<html><title>Proxy</title></html>", "web page"), ("{}", "no data"),
        ("[]", "expected an object"),
        (#"{"data":[]}"#, "0 embeddings for 1"), (#"{"data":[{"index":0}]}"#, "without its embedding"),
        (#"{"data":[{"index":0,"embedding":[1,2]}]}"#, "2 dimensions, where the embedder was set up for 3"),
        (#"{"data":[{"index":1,"embedding":[1,2,3]}]}"#, "index 1"),
        (#"{"data":[{"index":-1,"embedding":[1,2,3]}]}"#, "index -1"),
        (#"{"data":[{"embedding":[1,2,3],"index":0},{"embedding":[1,2,3],"index":0}]}"#, "or twice"),
        (#"{"data":[{"embedding":[0,0,0]}]}"#, "without a direction"),
        (#"{"data":[{"embedding":[1,2,1e39]}]}"#, "no number"),
        (#"{"data":[{"embedding":[1,2,null]}]}"#, "expected a number"), (#"{"data":[{"embedding":"AAA"}]}"#, "base64"),
        (#"{"data":[{"embedding":"AAAAAAAAAAAAAAAAAAA="}]}"#, "base64"),
        (#"{"data":[{"embedding":"AADAfwAAwH8AAMB/"}]}"#, "no number"),
        (#"{"error":{"message":"model is loading","code":"503"}}"#, "model is loading"),
    ]

    @Test(arguments: malformed.indices)
    func `an answer that is none is an error that says why`(index: Int) async throws {
        let (body, expected) = Self.malformed[index]
        let server = try server(body)
        let error = await #expect(throws: LLMError.self) { try await embedder(server).embed(["a"]) }
        #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
    }

    @Test func `a refusal has the code, the pause and no key`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.respond(
                status: 429,
                headers: ["Content-Type": "application/json", "Retry-After": "7"],
                body:
                    #"{"error":{"message":"slow down, \#(Self.secret)","type":"requests","code":"rate_limit_exceeded"}}"#
            )
        }
        let error = await #expect(throws: LLMError.self) { try await embedder(server).embed(["a"]) }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(7))
        #expect(error?.message.contains(Self.secret) == false)
    }

    @Test func `a failure tells what was paid before it`() async throws {
        let count = Mutex(0)
        let server = try LoopbackServer { request, responder in
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            guard isFirst, let asked = try? Asked(request) else { return responder.respond(status: 500, body: "") }
            responder.respond(body: Self.lengths(asked, base64: false))
        }
        let error = await #expect(throws: LLMError.self) { try await embedder(server).embed(["a", "b", "c"]) }
        #expect(error?.code == .server)
        #expect(error?.usage?.input == 10)
        // Vectors of the wrong dimensions were paid for all the same.
        let wrong = try self.server(#"{"data":[{"embedding":[1]}],"usage":{"prompt_tokens":4,"total_tokens":4}}"#)
        let second = await #expect(throws: LLMError.self) { try await embedder(wrong).embed(["a"]) }
        #expect(second?.usage?.input == 4)
    }

    static let impossible: [(OpenAIEmbedder, String)] = [
        (OpenAIEmbedder(model: " ", dimensions: 3, key: .notNeeded), "id of the embedding model"),
        (OpenAIEmbedder(model: "m", dimensions: 0, key: .notNeeded), "dimensions is 0"),
        (OpenAIEmbedder(model: "m", dimensions: 3, key: .notNeeded, maxTokens: 0), "maxTokens is 0"),
        (OpenAIEmbedder(model: "m", dimensions: 3, key: .notNeeded, batchSize: -1), "batchSize is -1"),
        (OpenAIEmbedder(model: "m", dimensions: 3, key: .notNeeded, baseURL: "ftp://x"), "base URL"),
        (OpenAIEmbedder(model: "m", dimensions: 3, key: .notNeeded, headers: ["a b": "c"]), "extra header"),
        (.openAI("text-embedding-9", key: .notNeeded), "say how many numbers"),
    ]

    @Test(arguments: impossible.indices)
    func `settings that can never work are found when they are checked`(index: Int) {
        let (embedder, expected) = Self.impossible[index]
        let error = #expect(throws: LLMError.self) { try embedder.validate() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
    }

    @Test func `a malformed key is found before the first call, and by it`() async {
        let embedder = OpenAIEmbedder(model: "m", dimensions: 3, key: .value(""))
        for error in [
            await #expect(throws: LLMError.self) { try await embedder.preflight() },
            await #expect(throws: LLMError.self) { try await embedder.embed(["a"]) },
        ] {
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("key") == true)
        }
    }

    @Test func `known models know their dimensions, and vectors of two servers never meet`() throws {
        let small: OpenAIEmbedder = .openAI("text-embedding-3-small", key: .notNeeded)
        #expect(small.info.dimensions == 1_536)
        #expect(!small.format.shortens)
        #expect(small.info.vendor == "openai")
        let short: OpenAIEmbedder = .openAI("text-embedding-3-small", dimensions: 512, key: .notNeeded)
        #expect(short.format.shortens)
        try short.validate()
        let local: OpenAIEmbedder = .openAICompatible("m", at: "http://127.0.0.1:8000/v1", dimensions: 512)
        let other: OpenAIEmbedder = .openAICompatible("m", at: "http://127.0.0.1:8001/v1", dimensions: 512)
        #expect(Set([small, short, local, other].map(\.info.identity)).count == 4)
    }

    @Test func `what changes a vector is part of the identity (BetterDB monitor 411)`() {
        func identity(_ baseURL: String, maxTokens: Int = 512) -> String {
            OpenAIEmbedder(model: "m", dimensions: 64, key: .notNeeded, baseURL: baseURL, maxTokens: maxTokens)
                .info.identity
        }
        let known = identity("https://gateway.example/first/v1")
        #expect(known != identity("https://gateway.example/second/v1"))
        #expect(known != identity("https://gateway.example/first/v1", maxTokens: 256))
        #expect(known == identity("https://gateway.example/first/v1?api-key=secret"))
    }
}
