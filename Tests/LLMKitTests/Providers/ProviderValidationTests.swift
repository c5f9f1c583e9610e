import Foundation
import Testing

@testable import LLMKit

@Suite struct ProviderValidationTests {
    static let goodURLs: [(String, String, String, Int)] = [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/x", "api.openai.com", 443),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/x", "api.openai.com", 443),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/x", "127.0.0.1", 8_000),
        ("HTTP://[::1]:80/a/b", "http://[::1]:80/a/b/x", "::1", 80),
        ("http://[fe80::1%25eth0]:81/", "http://[fe80::1%25eth0]:81/x", "fe80::1", 81),
        ("https://r.example/a%2Fb%20c//?q=%C3%BC", "https://r.example/a%2Fb%20c/x?q=%C3%BC", "r.example", 443),
        ("https://r.example/d?api-version=1", "https://r.example/d/x?api-version=1", "r.example", 443),
        // As vendors' pages show it.
        ("https://r.example/v1/x", "https://r.example/v1/x", "r.example", 443),
        ("https://r.example/v1/x/?a=b", "https://r.example/v1/x?a=b", "r.example", 443),
        ("https://r.example/v1/ax", "https://r.example/v1/ax/x", "r.example", 443),
    ]

    @Test(arguments: goodURLs)
    func `base URLs are taken apart`(base: String, url: String, host: String, port: Int) throws {
        let endpoint = try Endpoint(baseURL: base, path: "/x")
        #expect(endpoint == (try Endpoint(baseURL: base, path: "/x")))
        #expect(endpoint.url == url)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
    }

    @Test(arguments: [
        "", "api.openai.com/v1", "ftp://a.example", "https://", "https:///v1", "https://a b/", "https://a.example:0/",
        "https://a.example:http/", "https://a.example:65536", "https://user:secret@a.example/", "https://a.example/#x",
        "https://[::1", "https://[::1]x/", "https://a,b/", "https://münchen.example/", "https://a.example/\r\nX: 1",
        "https://a:b:c/",
    ])
    func `malformed base URLs say so at assembly and at first use`(url: String) async {
        let provider = OpenAIProvider(model: "m", key: .value("k-12345"), baseURL: url)
        let error = #expect(throws: LLMError.self) { try provider.validate() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("secret") == false)
        let late = await #expect(throws: LLMError.self) { try await provider.respond(to: "?") }
        #expect(late?.code == .invalidConfiguration)
        let streamed = await #expect(throws: LLMError.self) { try await provider.stream("?") }
        #expect(streamed?.code == .invalidConfiguration)
    }

    @Test func `a malformed address is named with its model, without what may be secret in it`() throws {
        func message(_ url: String) -> String? {
            let error = #expect(throws: LLMError.self) {
                try Pipeline(router: .to("local")) { ChatModel("local", .openAICompatible("m", at: url)) }
            }
            return error?.message
        }
        #expect(
            message("ftp://a.example/v1?key=secret")?.hasPrefix(
                "'local': malformed base URL \"ftp://a.example/v1\": its"
            ) == true
        )
        for url in ["https://u:secret@a.example", "https://u:sec/secret@a.example", "secret", "https://a.example/#x y"]
        {
            #expect(message(url)?.contains("secret") == false)
        }
    }

    @Test func `slips in settings show at assembly`() throws {
        func code(_ provider: some ModelProvider) -> LLMError.Code? {
            do { try provider.validate() } catch { return error.code }
            return nil
        }
        let key = APIKey.value("k-12345")
        #expect(code(OpenAIProvider(model: " ", key: key)) == .invalidConfiguration)
        #expect(code(OpenAIProvider(model: "m", key: key, headers: ["X\r\n": "1"])) == .invalidConfiguration)
        #expect(code(OpenAIProvider(model: "m", key: key, headers: ["X": "1\r\nY: 2"])) == .invalidConfiguration)
        #expect(code(OpenAIProvider(model: "m", key: key, extraBody: try JSONText("[1]"))) == .invalidConfiguration)
        #expect(code(OpenAIProvider(model: "m", key: key, dialect: .compatible)) == .invalidConfiguration)
        #expect(code(AnthropicProvider(model: "", key: key)) == .invalidConfiguration)
        #expect(code(AnthropicProvider(model: "m", key: key, version: "")) == .invalidConfiguration)
        #expect(code(AnthropicProvider(model: "m", key: key, maxOutputTokens: 0)) == .invalidConfiguration)
        #expect(code(AnthropicProvider(model: "m", key: key, thinking: .budget(5))) == .invalidConfiguration)
        #expect(code(OpenAIProvider(model: "m", key: key)) == nil)
        #expect(code(AnthropicProvider(model: "m", key: key)) == nil)
    }

    @Test(arguments: [
        (#"{"stream":false}"#, "stream"), (#"{"a":1,"model":"x"}"#, "model"), (#"{"messages":[]}"#, "messages"),
        (#"{"temp\u0065rature":1}"#, "temperature"), (#"{"a":1,"a":2}"#, "a"),
    ])
    func `an extra body that repeats a member is refused by its name`(body: String, name: String) throws {
        let (key, extra) = (APIKey.value("k-12345"), try JSONText(body))
        let providers: [any ModelProvider] = [
            OpenAIProvider(model: "m", key: key, extraBody: extra),
            AnthropicProvider(model: "m", key: key, extraBody: extra),
        ]
        for provider in providers {
            let error = #expect(throws: LLMError.self) { try provider.validate() }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("\"\(name)\"") == true)
        }
    }

    @Test func `an extra body may hold what requests do not write`() throws {
        let key = APIKey.value("k-12345")
        let own = try JSONText(#"{"store":false,"temperature":1,"thinking":{"type":"enabled"}}"#)
        try OpenAIProvider(model: "m", key: key, dropping: [.temperature], extraBody: own).validate()
        #expect(throws: LLMError.self) {
            try OpenAIProvider(model: "m", key: key, dialect: .deepSeek, extraBody: own).validate()
        }
        let claude = try JSONText(#"{"temperature":1,"cache_control":{"type":"ephemeral"}}"#)
        try AnthropicProvider(model: "m", key: key, version: "2026-10-21", extraBody: claude).validate()
    }

    @Test(arguments: OpenAIDialect.presets)
    func `everything that a request writes is known to be taken`(dialect: OpenAIDialect) throws {
        let format = OpenAIFormat(model: "m", dialect: dialect, dropping: [], extraBody: nil)
        var request = OpenAIRequestTests.full
        if !dialect.capabilities.contains(.jsonSchema) { request.responseFormat = .text }
        if !dialect.capabilities.contains(.imageURLs) { request.messages = [.user("?")] }
        for effort in [ReasoningEffort.low, .none] {
            request.reasoningEffort = effort
            let body = try parsed(try format.encode(request, isStream: true).body)
            let names = Set(body.allKeys.compactMap { $0 as? String })
            #expect(names.subtracting(format.writtenMembers).isEmpty)
        }
    }

    @Test func `providers say what they are`() {
        let mistral = ChatModel("m", .mistral("mistral-large", key: .value("k-12345"))).provider.info
        #expect(mistral.vendor == "mistral_ai")
        #expect(mistral.dialect == "openai.chat")
        #expect(mistral.modelID == "mistral-large")
        #expect(mistral.serverAddress == "api.mistral.ai")
        #expect(mistral.serverPort == 443)
        #expect(mistral.keepsTime)
        let claude = ChatModel("c", .anthropic("claude-x", dropping: [.temperature])).provider.info
        #expect(claude.vendor == "anthropic")
        #expect(!claude.capabilities.contains(.logProbabilities))
        #expect(!claude.capabilities.contains(.temperature))
        #expect(claude.capabilities.contains([.tools, .jsonSchema, .images]))
    }

    @Test func `Azure has an address per resource, and one per deployment for older versions`() throws {
        let key = APIKey.value("k-12345")
        let provider: OpenAIProvider = .azureOpenAI("d1", resource: "r1", apiVersion: "2024-10-21", key: key)
        try provider.validate()
        #expect(provider.info.serverAddress == "r1.openai.azure.com")
        let older = "https://r1.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2024-10-21"
        #expect(try provider.client.vendor.endpoint.get().url == older)
        let newer: OpenAIProvider = .azureOpenAI("d1", resource: "r1", key: key)
        #expect(try newer.client.vendor.endpoint.get().url == "https://r1.openai.azure.com/openai/v1/chat/completions")
    }

    @Test func `Azure's names cannot lead to another place`() throws {
        let key = APIKey.value("k-12345")
        let odd: OpenAIProvider = .azureOpenAI("d/1 ?ü#", resource: "r1", apiVersion: "1&x=2", key: key)
        try odd.validate()
        let path = "/openai/deployments/d%2F1%20%3F%C3%BC%23/chat/completions?api-version=1%26x%3D2"
        #expect(try odd.client.vendor.endpoint.get().url == "https://r1.openai.azure.com\(path)")
        for resource in ["evil.example/", "evil.example#", "a@evil.example:80/", "", "r 1"] {
            let provider: OpenAIProvider = .azureOpenAI("d1", resource: resource, key: key)
            #expect(throws: LLMError.self) { try provider.validate() }
        }
    }

    @Test func `Azure takes a token of Entra ID in place of a key`() async throws {
        func headers(_ provider: OpenAIProvider) async throws -> [String] {
            var request = EncodedRequest(path: "/x")
            try await provider.client.vendor.signer.sign(&request)
            return request.headers.map { "\($0.name): \($0.value)" }
        }
        let key = APIKey.value("k-12345")
        let token = APIKey.value("t0k3n")
        #expect(try await headers(.azureOpenAI("d", resource: "r", key: token)).contains("api-key: t0k3n"))
        let entra = try await headers(.azureOpenAI("d", resource: "r", key: key, entraToken: token))
        #expect(entra.contains("Authorization: Bearer t0k3n"))
        #expect(!entra.contains { $0.hasPrefix("api-key") })
    }
}
