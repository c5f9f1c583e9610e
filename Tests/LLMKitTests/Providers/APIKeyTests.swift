import Foundation
import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct APIKeyTests {
    struct Outage: Error {}

    @Test func `a missing variable is an error that names it`() async {
        let key = APIKey.environment("LLMKIT_TEST_NO_SUCH_KEY")
        let error = await #expect(throws: LLMError.self) { try await key.load(vendor: "openai") }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("LLMKIT_TEST_NO_SUCH_KEY") == true)
    }

    @Test func `keys are asked for before the first call, and not when a pipeline is assembled`() async throws {
        let missing = APIKey.environment("LLMKIT_TEST_NO_SUCH_KEY")
        let providers: [any ModelProvider] = [
            OpenAIProvider(model: "m", key: missing), AnthropicProvider(model: "m", key: missing),
        ]
        for provider in providers {
            _ = try Pipeline(router: .to("m")) { ChatModel("m", provider) }
            for error in [
                await #expect(throws: LLMError.self) { try await provider.preflight() },
                await #expect(throws: LLMError.self) { try await provider.respond(to: "?") },
                await #expect(throws: LLMError.self) { try await provider.stream("?") },
            ] {
                #expect(error?.code == .invalidConfiguration)
                #expect(error?.message.contains("LLMKIT_TEST_NO_SUCH_KEY") == true)
            }
        }
        try await OpenAIProvider(model: "m", key: .value("k-12345")).preflight()
        try await OpenAIProvider(model: "m", key: .notNeeded).preflight()
        try await MockProvider("a").preflight()
        await #expect(throws: LLMError.self) {
            try await OpenAIEmbedder(model: "m", dimensions: 3, key: missing).preflight()
        }
    }

    @Test func `a key that must be fetched is not fetched before it is needed`() async throws {
        try await OpenAIProvider(model: "m", key: APIKey { throw Outage() }).preflight()
    }

    @Test func `a key comes from its variable, without the line feed that files end in`() async throws {
        let home = try #require(ProcessInfo.processInfo.environment["HOME"])
        #expect(try await APIKey.environment("HOME").load(vendor: "v") == home)
        #expect(try await APIKey.value(" first\r\n").load(vendor: "v") == "first")
        #expect(try await APIKey.notNeeded.load(vendor: "v") == nil)
    }

    @Test func `a key is asked for at every call`() async throws {
        let calls = Mutex(0)
        let key = APIKey {
            calls.withLock {
                $0 += 1
                return "key-\($0)"
            }
        }
        #expect(try await key.load(vendor: "v") == "key-1")
        #expect(try await key.load(vendor: "v") == "key-2")
    }

    @Test func `a closure may fetch the key, and fail`() async throws {
        #expect(try await APIKey { "fetched" }.load(vendor: "v") == "fetched")
        let error = await #expect(throws: LLMError.self) {
            try await APIKey { throw Outage() }.load(vendor: "v")
        }
        #expect(error?.code == .authentication)
        let cancelled = await #expect(throws: LLMError.self) {
            try await APIKey { throw CancellationError() }.load(vendor: "v")
        }
        #expect(cancelled?.code == .cancelled)
    }

    @Test(arguments: ["", "  \n", "a b", "a\r\nX-Evil: 1", "schlüssel"])
    func `what cannot be a key is refused`(text: String) {
        #expect(throws: LLMError.self) { try APIKey.value(text).validate(vendor: "v") }
    }

    @Test func `a key is never printed`() {
        let secret = "sk-very-secret-0123456789"
        let provider = OpenAIProvider(model: "m", key: .value(secret))
        var dumped = ""
        dump(provider, to: &dumped)
        dump(ChatModel("small", provider), to: &dumped)
        dump(APIKey.value(secret), to: &dumped)
        let printed = "\(APIKey.value(secret)) \(String(reflecting: APIKey.value(secret))) \(provider.info)"
        #expect(!(dumped + printed).contains(secret))
    }

    @Test func `words that look like keys are hidden, and others are not`() {
        let redact = Redaction("hunter2-hunter2")
        let text = "key hunter2-hunter2, sk-abcdef123456, Bearer abc.def, sk-x and task-force remain"
        #expect(redact(text) == "key [key], [key], Bearer [key], sk-x and task-force remain")
    }
}
