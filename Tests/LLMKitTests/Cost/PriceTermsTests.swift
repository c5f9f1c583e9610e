import Foundation
import Testing

@testable import LLMKit
@testable import LLMKitTesting

/// What a service tier adds to a price, and where a longer prompt begins.
@Suite struct PriceTermsTests {
    private let today = Date(timeIntervalSince1970: 1_795_950_000)

    private func cost(_ vendor: String, _ model: String, _ usage: Usage, _ tier: String = "standard") -> String? {
        let price = PriceTable.builtIn.price(vendor: vendor, model: model, at: today)
        return price?.cost(of: usage, service: ServiceTier(tier))?.description
    }

    @Test(arguments: [
        ("standard", "$0.022"), ("standard+us", "$0.0242"), ("batch", "$0.011"), ("batch+us", "$0.0121"),
        ("standard+fast", "$0.044"), ("fast", "$0.044"), ("standard+fast+us", "$0.0484"),
    ])
    func `what an answer of Anthropic's adds to its tier is in the cost`(tier: String, dollars: String) {
        let usage = Usage(input: 1000, cacheRead: 5000, cacheWrite5m: 800, cacheWrite1h: 375, output: 500)
        // 4000 + 1000 + 4000 + 3000 + 10000 millionths of a dollar
        #expect(cost("anthropic", "claude-opus-5-5", usage, tier) == dollars)
    }

    @Test(arguments: [
        ("claude-opus-5-5", "standard+web_search"), ("claude-opus-5-5", "standard+us+web_search"),
        ("claude-opus-5-5", "standard+eu"), ("claude-opus-5-5", "batch+fast"), ("claude-opus-5-5", "standard+us+us"),
        ("claude-opus-5-5", "priority+us"), ("claude-sonnet-5-5", "standard+fast"), ("claude-haiku-4-5", "standard+us"),
        ("claude-opus-5-5", "+us"), ("claude-opus-5-5", "standard+"), ("claude-opus-5-5", "us"),
        ("claude-opus-5-5", ""),
    ])
    func `an addition that the price does not know has no cost`(model: String, tier: String) {
        #expect(cost("anthropic", model, Usage(input: 1000, output: 10), tier) == nil)
    }

    @Test func `a factor is rounded once, for the whole call`() throws {
        let price = Price(rates: .init(input: 1, output: 1), regions: ["us": 1100])
        func picodollars(_ tokens: Int) -> Int128? {
            price.cost(of: Usage(input: tokens, output: tokens), service: .other("standard+us"))?.picodollars
        }
        #expect((1...5).map { picodollars($0) } == [2, 4, 7, 9, 11])
    }

    @Test func `a profile of Bedrock's region costs what its factor says, whatever the tier adds`() {
        let usage = Usage(input: 1000, output: 100)
        #expect(cost("bedrock", "anthropic.claude-opus-5-5", usage) == "$0.006")
        #expect(cost("bedrock", "global.anthropic.claude-opus-5-5", usage) == "$0.006")
        #expect(cost("bedrock", "eu.anthropic.claude-opus-5-5", usage) == "$0.0066")
        #expect(cost("bedrock", "eu.anthropic.claude-opus-5-5", usage, "standard+eu") == "$0.0066")
        #expect(cost("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", Usage(input: 300_000)) == "$1.98")
    }

    @Test func `a prompt that reaches xAI's limit is long, one at another vendor's is not`() {
        #expect(cost("xai", "grok-4.7", Usage(input: 199_999)) == "$0.399998")
        #expect(cost("xai", "grok-4.7", Usage(input: 200_000)) == "$0.80")
        #expect(cost("xai", "grok-4.3", Usage(input: 1, cacheRead: 199_999), "batch") == "$0.06400168")
        #expect(cost("gemini", "gemini-2.5-pro", Usage(input: 200_000)) == "$0.25")
        #expect(cost("gemini", "gemini-2.5-pro", Usage(input: 200_001)) == "$0.5000025")
    }

    @Test func `classes have the rates of their service and length`() {
        #expect(cost("openai", "gpt-5.4", Usage(cacheRead: 1000), "priority") == "$0.0005")
        #expect(cost("openai", "gpt-6-sol", Usage(cacheRead: 1000), "flex") == "$0.0001")
        #expect(cost("openai", "gpt-6-sol", Usage(cacheWrite5m: 1000), "batch") == "$0.00125")
        #expect(cost("openai", "gpt-6-sol", Usage(input: 271_000, cacheWrite5m: 1001), "priority") == "$2.17801")
        #expect(cost("anthropic", "claude-haiku-5-5", Usage(input: 100_000, cacheWrite1h: 1000)) == "$0.051")
        #expect(cost("anthropic", "claude-sonnet-5-5", Usage(cacheWrite1h: 1000), "batch") == "$0.002")
        // The published rate of a batch's cached tokens is rounded; that of long ones is not twice as much.
        #expect(cost("openai", "gpt-5.4", Usage(cacheRead: 1000), "batch") == "$0.00013")
        #expect(cost("openai", "gpt-5.4", Usage(cacheRead: 300_000), "batch") == "$0.075")
        // Not priced by what short prompts or other services cost.
        #expect(cost("openai", "gpt-5.5", Usage(input: 300_000), "priority") == nil)
        #expect(cost("openai", "gpt-5-nano", Usage(input: 1000), "priority") == nil)
        #expect(cost("openai", "gpt-4o", Usage(cacheRead: 1000), "batch") == nil)
    }
}
