import Testing

@testable import LLMKit

@Suite struct ProviderScopeTests {
    private static let body = try? JSONText(#"{"chat_template_kwargs":{"enable_thinking":false}}"#)
    private static let otherBody = try? JSONText(#"{"chat_template_kwargs":{"enable_thinking":true}}"#)

    private static func openAI(
        _ model: String = "m",
        at baseURL: String = "http://gw:8081/v1",
        dialect: OpenAIDialect = .compatible,
        dropping: Set<RequestParameter> = [],
        headers: [String: String] = [:],
        extraBody: JSONText? = nil
    ) -> String {
        OpenAIProvider(
            model: model,
            key: .notNeeded,
            baseURL: baseURL,
            dialect: dialect,
            dropping: dropping,
            headers: headers,
            extraBody: extraBody
        ).info.scope
    }

    private static func anthropic(
        version: String = "2023-06-01",
        thinking: AnthropicThinking? = nil,
        maxOutputTokens: Int = 4_096,
        headers: [String: String] = [:]
    ) -> String {
        AnthropicProvider(
            model: "m",
            key: .notNeeded,
            version: version,
            thinking: thinking,
            maxOutputTokens: maxOutputTokens,
            headers: headers
        ).info.scope
    }

    @Test func `providers that differ in anything that changes an answer have different scopes`() {
        #expect(Self.body != nil && Self.otherBody != nil)
        let scopes = [
            Self.openAI(), Self.openAI("n"), Self.openAI(at: "http://gw:8082/v1"),
            Self.openAI(at: "http://gw:8081/a/v1"),
            Self.openAI(at: "http://gw2:8081/v1"), Self.openAI(at: "https://gw:8081/v1"),
            Self.openAI(at: "http://gw:8081/v1?deployment=a"), Self.openAI(at: "http://gw:8081/v1?deployment=b"),
            Self.openAI(dialect: .vLLM), Self.openAI(dialect: .compatible.with { $0.reasoning = .toggle }),
            Self.openAI(dropping: [.temperature]), Self.openAI(dropping: [.topP]),
            Self.openAI(headers: ["X-Adapter": "a"]), Self.openAI(headers: ["X-Adapter": "b"]),
            Self.openAI(headers: ["X-Other": "a"]), Self.openAI(extraBody: Self.body),
            Self.openAI(extraBody: Self.otherBody), Self.anthropic(),
            Self.anthropic(version: "2026-10-21"), Self.anthropic(thinking: .budget(8_000)),
            Self.anthropic(thinking: .budget(9_000)), Self.anthropic(thinking: .adaptive),
            Self.anthropic(thinking: .disabled), Self.anthropic(maxOutputTokens: 100),
            Self.anthropic(headers: ["anthropic-beta": "a"]),
        ]
        #expect(Set(scopes).count == scopes.count)
        let (one, two) = (ProviderInfo(serverPort: 8_081), ProviderInfo(serverPort: 8_082))
        #expect(one.scope != two.scope)
    }

    @Test func `the same settings have the same scope, however they are spelled`() throws {
        let spaced = try JSONText(#"{ "chat_template_kwargs" : {"enable_thinking": false} }"#)
        #expect(Self.openAI(extraBody: spaced) == Self.openAI(extraBody: Self.body))
        #expect(Self.openAI(headers: ["X-A": "1"]) == Self.openAI(headers: ["x-a": "1"]))
        #expect(Self.openAI(at: "http://gw:8081/v1/") == Self.openAI())
        let keyed = OpenAIProvider(
            model: "m",
            key: .value("k-12345"),
            baseURL: "http://gw:8081/v1",
            dialect: .compatible
        )
        #expect(keyed.info.scope == Self.openAI())
    }

    @Test func `nothing secret is in a scope`() {
        let scope = Self.openAI(at: "http://gw/v1?code=QUERYSECRET", headers: ["X-Key": "GATEWAYSECRET"])
        #expect(!scope.contains("SECRET"))
        #expect(scope.contains("header x-key"))
    }
}
