import LLMKit
import LLMKitTesting
import Testing

// What the guide on addresses shows, kept compiling and true.

@Suite struct Addresses {
    // BEGIN Addresses-proxies-certificates
    func makeModels(_ address: String) -> [ChatModel] {
        // One client for everything that goes through the company's proxy.
        let client = HTTPClient {
            $0.proxy = .url("http://proxy.internal:3128")
            $0.caBundle = "/etc/ssl/certs/company.pem"
        }
        return [
            // The vendor's language and prices at another address of its own.
            ChatModel("eu", .openAI("gpt-4o-mini", at: "https://eu.api.openai.com/v1", client: client)),
            ChatModel("claude", .anthropic("claude-sonnet-4-5", client: client)),
            // Any server that speaks Chat Completions: straight, without the proxy, for nothing.
            ChatModel("local", .openAICompatible("qwen3-8b", at: address), price: .free),
        ]
    }
    // END Addresses-proxies-certificates

    @Test func `each model is asked where it says`() throws {
        let models = makeModels("http://127.0.0.1:8000/v1")
        let pipeline = try Pipeline(router: .to("eu")) { models }
        let told = pipeline.effectiveConfiguration.models
        #expect(told.map(\.upstream.serverAddress) == ["eu.api.openai.com", "api.anthropic.com", "127.0.0.1"])
        #expect(told.first?.proxy == "proxy.internal:3128" && told.first?.caBundle == "/etc/ssl/certs/company.pem")
        #expect(told.map(\.hasPrice) == [true, true, true])
    }
}
