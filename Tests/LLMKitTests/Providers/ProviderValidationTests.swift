import Testing

@testable import LLMKit

@Suite struct ProviderValidationTests {
    static let goodURLs: [(String, String, String, Int)] = [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/x", "api.openai.com", 443),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/x", "api.openai.com", 443),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/x", "127.0.0.1", 8_000),
        ("HTTP://[::1]:80/a/b", "http://[::1]:80/a/b/x", "::1", 80),
        ("https://r.example/d?api-version=1", "https://r.example/d/x?api-version=1", "r.example", 443),
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

    @Test func `providers say what they are`() {
        let mistral = Model("m", .mistral("mistral-large", key: .value("k-12345"))).provider.info
        #expect(mistral.vendor == "mistral_ai")
        #expect(mistral.dialect == "openai.chat")
        #expect(mistral.modelID == "mistral-large")
        #expect(mistral.serverAddress == "api.mistral.ai")
        #expect(mistral.serverPort == 443)
        #expect(mistral.keepsTime)
        let claude = Model("c", .anthropic("claude-x", dropping: [.temperature])).provider.info
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
    }
}
