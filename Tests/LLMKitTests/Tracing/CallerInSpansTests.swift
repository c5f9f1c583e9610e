import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct CallerInSpansTests {
    private static let caller = Caller(tenant: "harbour", user: "ada", tags: ["plan": "pro"])
    private static let key = "a secret of 16 bytes"

    /// The spans of a request and its call.
    private func spans(_ form: CallerInSpans, isSampled: Bool? = nil) async throws -> [TraceSpan] {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.callerInSpans = form
        var request = ChatRequest("6 x 7?", caller: Self.caller)
        if let isSampled {
            request.trace = TraceContext(traceID: .random(), spanID: .random(), isSampled: isSampled)
        }
        _ = try await pipeline.respond(to: request)
        return fixture.tracer.finishedSpans
    }

    @Test func `spans name nobody unless they are told to`() async throws {
        for span in try await spans(.omitted) {
            #expect(span["user.id"] == nil && span["user.hash"] == nil && span["llmkit.tag.plan"] == nil)
        }
    }

    @Test func `users and tags are told as they are`() async throws {
        let spans = try await spans(.plain)
        #expect(spans.count == 2)
        for span in spans {
            #expect(span["user.id"] == .string("ada") && span["llmkit.tag.plan"] == .string("pro"))
            #expect(span["user.hash"] == nil)
        }
    }

    @Test func `users and tags are told under names that only the key explains`() async throws {
        let spans = try await spans(.hashed(key: Self.key))
        let names = spans.map { $0["user.hash"] }
        #expect(Set(names).count == 1 && names.count == 2)
        guard case .string(let name)? = names.first ?? nil else {
            Issue.record("no hash")
            return
        }
        #expect(name.count == 32 && name.allSatisfy(\.isHexDigit))
        #expect(!String(describing: spans).contains("\"ada\"") && !String(describing: spans).contains("\"pro\""))
        #expect(try await self.spans(.hashed(key: Self.key + "!")).first?["user.hash"] != names.first)
    }

    /// RFC 4231, test cases 1 and 2, and a key longer than a block, from Python's `hmac`; the first half of each.
    @Test func `hashes are those of the standard`() {
        func code(_ text: String, _ key: String) -> String { SHA256.authenticationCode(of: text, key: key) }
        let eleven = String(repeating: "\u{0B}", count: 20)
        #expect(code("Hi There", eleven) == "b0344c61d8db38535ca8afceaf0bf12b")
        #expect(code("what do ya want for nothing?", "Jefe") == "5bdcc146bf60754e6a042426089575c7")
        #expect(code("x", String(repeating: "k", count: 100)) == "8c1858bff6cf9cb73708b4b54f43bca6")
    }

    @Test func `a key that could be guessed is refused, and none is printed`() throws {
        var pipeline = try PipelineFixture().pipeline(.to("small"))
        pipeline.callerInSpans = .hashed(key: "short")
        let error = #expect(throws: LLMError.self) { try pipeline.validate() }
        #expect(error?.code == .invalidConfiguration && error?.message.contains("16") == true)
        pipeline.callerInSpans = .hashed(key: Self.key)
        try pipeline.validate()
        var dumped = ""
        dump(pipeline.callerInSpans, to: &dumped)
        #expect(!"\(pipeline) \(pipeline.callerInSpans) \(dumped)".contains(Self.key))
    }

    @Test func `spans know whether who asked records the trace`() async throws {
        #expect(try await spans(.omitted).allSatisfy(\.isSampled))
        #expect(try await spans(.omitted, isSampled: true).allSatisfy(\.isSampled))
        #expect(try await spans(.omitted, isSampled: false).allSatisfy { !$0.isSampled })
    }
}
