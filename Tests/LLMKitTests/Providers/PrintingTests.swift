import Testing

@testable import LLMKit

@Suite struct PrintingTests {
    private static let secrets = ["KEYSECRET", "HEADERSECRET", "QUERYSECRET"]
    private static let address = "https://gw.example/v1?code=QUERYSECRET"

    private static func texts(of value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped)"
    }

    private static var values: [Any] {
        let headers = ["X-Gateway-Key": "HEADERSECRET"]
        let key = APIKey.value("sk-KEYSECRET-0123")
        let openAI = OpenAIProvider(model: "m", key: key, baseURL: address, headers: headers)
        let anthropic = AnthropicProvider(model: "m", key: key, baseURL: address, headers: headers)
        let embedder = OpenAIEmbedder(model: "m", dimensions: 3, key: key, baseURL: address, headers: headers)
        var request = HTTPRequest(url: address, headers: [HTTPHeader("X-Gateway-Key", "HEADERSECRET")])
        request.body = Array("{}".utf8)
        var encoded = EncodedRequest(path: "/x", headers: request.headers)
        encoded.query = "code=QUERYSECRET"
        encoded.secrets = ["KEYSECRET"]
        return [
            openAI, anthropic, embedder, openAI.client, openAI.client.vendor, openAI.client.vendor.endpoint,
            openAI.info,
            ChatModel("m", openAI), (try? Pipeline(router: .to("m")) { ChatModel("m", openAI) }) as Any, request,
            encoded,
            HTTPHeader("X-Gateway-Key", "HEADERSECRET"), request.headers,
            Redaction("KEYSECRET", headers: request.headers),
        ]
    }

    @Test(arguments: values.indices)
    func `whatever holds a header or an address prints neither values nor the query`(index: Int) {
        let text = Self.texts(of: Self.values[index])
        for secret in Self.secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
    }

    @Test func `what is printed still says what it is`() {
        let provider = OpenAIProvider(model: "m-large", key: .notNeeded, baseURL: Self.address)
        #expect("\(provider)".contains("m-large"))
        #expect("\(provider.retrying().timeouts(total: .seconds(1)).concurrencyLimit(2))".contains("m-large"))
        #expect("\(provider.client.vendor)".contains("https://gw.example/v1/chat/completions"))
        #expect("\(HTTPHeader("X-A", "1"))" == "X-A: [hidden]")
    }
}
