import Foundation
import Testing

@testable import LLMKit

/// Costs worked out by hand from list prices.
///
/// They must come out to the picodollar.
@Suite struct PriceGoldenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var vendor: String
        var model: String
        var usage: Usage
        var service = ServiceTier.standard
        var dollars: String
        var testDescription: String { "\(model) \(usage.totalInput)+\(usage.output) \(service)" }
    }

    private static let cases = [
        Case(
            vendor: "anthropic",
            model: "claude-sonnet-4-5",
            usage: Usage(input: 4000, output: 500),
            dollars: "$0.0195"
        ),
        Case(
            vendor: "anthropic",
            model: "claude-sonnet-4-5",
            usage: Usage(input: 1000, cacheRead: 3000, output: 500),
            dollars: "$0.0114"
        ),
        Case(
            vendor: "anthropic",
            model: "claude-sonnet-4-5",
            usage: Usage(input: 1000, cacheWrite5m: 3000, output: 500),
            dollars: "$0.02175"
        ),
        Case(
            vendor: "anthropic",
            model: "claude-sonnet-4-5",
            usage: Usage(input: 1000, cacheWrite1h: 3000, output: 500),
            dollars: "$0.0285"
        ),
        Case(
            vendor: "anthropic",
            model: "claude-sonnet-4-5",
            usage: Usage(input: 4000, output: 500),
            service: .batch,
            dollars: "$0.00975"
        ),
        Case(
            vendor: "openai",
            model: "gpt-4o",
            usage: Usage(input: 1000, cacheRead: 3000, output: 500),
            dollars: "$0.01125"
        ),
        Case(
            vendor: "gcp.gemini",
            model: "gemini-2.5-pro",
            usage: Usage(input: 200_000, output: 1000),
            dollars: "$0.26"
        ),
        Case(
            vendor: "gcp.gemini",
            model: "gemini-2.5-pro",
            usage: Usage(input: 200_001, output: 1000),
            dollars: "$0.5150025"
        ),
        Case(
            vendor: "gcp.gemini",
            model: "gemini-2.5-pro",
            usage: Usage(input: 1, cacheRead: 200_000, output: 1000),
            dollars: "$0.0650025"
        ),
        Case(vendor: "openai", model: "gpt-5.4", usage: Usage(input: 300_000, output: 1000), dollars: "$1.5225"),
        Case(
            vendor: "openai",
            model: "gpt-5.4",
            usage: Usage(input: 300_000, output: 1000),
            service: .batch,
            dollars: "$0.76125"
        ),
        Case(vendor: "dashscope", model: "qwen3-max", usage: Usage(input: 32_000, output: 1000), dollars: "$0.0444"),
        Case(vendor: "dashscope", model: "qwen3-max", usage: Usage(input: 40_000, output: 1000), dollars: "$0.108"),
        Case(vendor: "dashscope", model: "qwen3-max", usage: Usage(input: 130_000, output: 1000), dollars: "$0.405"),
        Case(
            vendor: "dashscope",
            model: "qwen-plus-latest",
            usage: Usage(input: 1000, output: 1000, reasoning: 600),
            dollars: "$0.00328"
        ),
        Case(
            vendor: "dashscope",
            model: "qwen-plus-latest",
            usage: Usage(input: 300_000, output: 2, reasoning: 1),
            dollars: "$0.3600156"
        ),
        Case(
            vendor: "anthropic",
            model: "claude-haiku-5-5",
            usage: Usage(input: 100_001, output: 1000),
            dollars: "$0.0525005"
        ),
        Case(
            vendor: "anthropic",
            model: "claude-opus-5-5",
            usage: Usage(input: 1000, output: 100),
            service: .init("fast"),
            dollars: "$0.012"
        ),
        Case(vendor: "openai", model: "gpt-6-luna", usage: Usage(input: 5), dollars: "$0.0000005"),
    ]

    private let today = Date(timeIntervalSince1970: 1_795_500_000)

    @Test(arguments: cases) func `list prices give the exact cost`(sample: Case) throws {
        let price = try #require(PriceTable.builtIn.price(vendor: sample.vendor, model: sample.model, at: today))
        let cost = price.cost(of: sample.usage, service: sample.service)
        #expect(cost?.description == sample.dollars)
    }

    @Test func `an own price gives the exact cost`() throws {
        let table = try PriceTable(parsing: "llmkit-prices 1\nlocal llama input=0.10 output=0.30")
        let price = try #require(table.price(vendor: "local", model: "llama", at: today))
        #expect(price.cost(of: Usage(input: 4000, output: 500))?.description == "$0.00055")
    }

    /// The example of 10,000 calls a day, with the list price of $3.
    @Test func `a month of calls adds up`() throws {
        let price = try #require(
            PriceTable.builtIn.price(vendor: "anthropic", model: "claude-sonnet-4-5", at: today)
        )
        let plain = try #require(price.cost(of: Usage(input: 4000, output: 500)))
        let cached = try #require(price.cost(of: Usage(input: 1000, cacheRead: 3000, output: 500)))
        let cheap = try #require(Price.perMillion(input: 0.10, output: 0.30).cost(of: Usage(input: 4000, output: 500)))
        func perMonth(_ money: Money, _ callsPerDay: Int128) -> Money {
            Money(picodollars: money.picodollars * callsPerDay * 30)
        }
        #expect(perMonth(plain, 10_000) == .dollars(5850))
        #expect(perMonth(cached, 10_000) == .dollars(3420))
        #expect(perMonth(cached, 7000) == .dollars(2394))
        #expect((perMonth(cheap, 4200) + perMonth(cached, 2800)).description == "$1026.90")
        #expect((perMonth(cheap, 7000) + perMonth(cached, 2800)).description == "$1073.10")
    }

    @Test func `what has no known rate has no cost`() throws {
        func cost(_ vendor: String, _ model: String, _ usage: Usage, _ service: ServiceTier = .standard) -> Money? {
            PriceTable.builtIn.price(vendor: vendor, model: model, at: today)?.cost(of: usage, service: service)
        }
        // No rate for writes, for the service, for long prompts in the service, for reasoning in long prompts.
        #expect(cost("openai", "gpt-4o", Usage(input: 1, cacheWrite5m: 1, output: 1)) == nil)
        #expect(cost("x_ai", "grok-4.7", Usage(input: 1, output: 1), .batch) == nil)
        #expect(cost("openai", "gpt-5.4", Usage(input: 300_000, output: 1), .priority) == nil)
        #expect(cost("openai", "gpt-5.4", Usage(input: 3000, output: 1), .priority) != nil)
        let table = try PriceTable(
            parsing: "llmkit-prices 1\nv m input=1 output=2 reasoning=8 above1000.input=2 above1000.output=3"
        )
        let price = try #require(table.price(vendor: "v", model: "m", at: today))
        #expect(price.cost(of: Usage(input: 2000, output: 2, reasoning: 1)) == nil)
        #expect(price.cost(of: Usage(input: 2000, output: 2)) != nil)
        #expect(cost("openai", "gpt-5-nano", Usage(input: 1, output: 1), .priority) == nil)
    }

    @Test func `absurd counts neither trap nor wrap`() throws {
        let price = try #require(PriceTable.builtIn.price(vendor: "openai", model: "gpt-6-astra", at: today))
        let usage = Usage(input: .max, cacheRead: .max, cacheWrite5m: .max, output: .min, reasoning: .max)
        let cost = try #require(price.cost(of: usage))
        let expected =
            Int128(Int.max) * 20_000_000 + Int128(Int.max) * 2_000_000 + Int128(Int.max) * 25_000_000
            + Int128(Int.min) * 75_000_000
        #expect(cost.picodollars == expected)
    }
}
