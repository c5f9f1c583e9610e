import Foundation
import Testing

@testable import LLMKit
@testable import LLMKitTesting

@Suite struct PriceTableTests {
    private func day(_ text: String) throws -> Date { try #require(CalendarDay(text)).start }

    private func table(_ lines: String...) throws(LLMError) -> PriceTable {
        try PriceTable(parsing: (["llmkit-prices 1"] + lines).joined(separator: "\n"), name: "my.prices")
    }

    private func error(_ lines: String...) -> String {
        do throws(LLMError) {
            _ = try PriceTable(parsing: (["llmkit-prices 1"] + lines).joined(separator: "\n"), name: "my.prices")
            return "none"
        } catch {
            #expect(error.code == .invalidConfiguration)
            return error.message
        }
    }

    // MARK: The built-in table

    @Test func `models with several tiers have them all`() throws {
        let price = try #require(PriceTable.builtIn.price(vendor: "dashscope", model: "qwen3-max", at: Date()))
        #expect(price.tiers.map(\.threshold) == [32_000, 128_000])
        #expect(price.tiers.map(\.rates.output) == [12_000_000, 15_000_000])
    }

    @Test func `retirement dates are known`() throws {
        let table = PriceTable.builtIn
        #expect(table.retirementDate(vendor: "anthropic", model: "claude-sonnet-4-5") == (try day("2026-11-30")))
        #expect(
            table.retirementDate(vendor: "anthropic", model: "claude-sonnet-4-5-20250929") == (try day("2026-11-30"))
        )
        #expect(table.retirementDate(vendor: "anthropic", model: "claude-sonnet-5") == nil)
    }

    @Test func `regions have their factor`() throws {
        let table = PriceTable.builtIn
        let plain = table.price(vendor: "openai", model: "gpt-5.4", at: Date())
        let eu = table.price(vendor: "openai", model: "gpt-5.4", at: Date(), region: "eu")
        #expect(plain?.rates.input == 2_500_000)
        #expect(eu?.rates.input == 2_750_000)
        #expect(eu?.tiers.first?.rates.output == 24_750_000)
        #expect(eu?.services[.batch]?.output == 8_250_000)
        #expect(table.price(vendor: "openai", model: "gpt-5.4", at: Date(), region: "mars") == nil)
        #expect(table.price(vendor: "openai", model: "gpt-4o", at: Date(), region: "eu") == nil)
    }

    // MARK: Resolution

    @Test(arguments: [
        ("openai", "gpt-4o-2024-08-06", "gpt-4o"), ("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("anthropic", "claude-haiku-4-5@20251001", "claude-haiku-4-5"),
        ("anthropic", "claude-sonnet-4-5-latest", "claude-sonnet-4-5"), ("openai", "gpt-4o-20241120", "gpt-4o"),
        ("xai", "grok-code-fast-1-0825", "grok-code-fast-1"), ("azure", "gpt-4.1-2025-04-14", "gpt-4.1"),
        ("moonshot", "kimi-k3", "kimi-k3"), ("azure", "gpt-5-2025-08-07", "gpt-5"),
        ("azure", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06"), ("gemini", "models/gemini-2.5-flash", "gemini-2.5-flash"),
        ("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("mistral", "mistral-large-2512", "mistral-large-2512"),
        ("anthropic", "claude-opus-4-7-20260416", "claude-opus-4-7"),
    ])
    func `dated ids lead to their model`(vendor: String, id: String, model: String) {
        for _ in 0..<2 {
            #expect(PriceTable.builtIn.entry(vendor: vendor, model: id, at: Date())?.model == model)
        }
    }

    /// The price of an edition that the table does not name may be any: `gpt-4o-2024-05-13` cost twice what `gpt-4o` does.
    @Test(arguments: [
        ("openai", "gpt-4o-2024-12-24"), ("openai", "gpt-6-sol-2026-10-01"), ("anthropic", "claude-opus-5-5@20261101"),
        ("aws.bedrock", "anthropic.claude-sonnet-5-5-20260901-v1:0"), ("gcp.gemini", "gemini-2.5-flash-001"),
        ("xai", "grok-4.7-0901"),
    ])
    func `editions that the table does not name have no price`(vendor: String, id: String) {
        for _ in 0..<2 { #expect(PriceTable.builtIn.price(vendor: vendor, model: id, at: Date()) == nil) }
    }

    @Test(arguments: [
        ("openai", "gpt-4o-2024-05-13", 5_000_000, 15_000_000), ("openai", "gpt-4o-2024-08-06", 2_500_000, 10_000_000),
        ("azure", "gpt-4o-2024-05-13", 5_000_000, 15_000_000), ("azure", "us/gpt-4o-2024-05-13", 5_500_000, 16_500_000),
        ("dashscope", "qwen-plus-2025-01-25", 400_000, 1_200_000),
    ])
    func `an edition with a price of its own has that`(vendor: String, id: String, input: Int64, output: Int64) {
        let rates = PriceTable.builtIn.price(vendor: vendor, model: id, at: Date())?.rates
        #expect(rates?.input == input)
        #expect(rates?.output == output)
    }

    @Test func `a line says which editions it covers, and for how long`() throws {
        let table = try table(
            "v m editions=2025-01-01,002 input=2 until=2026-07-01",
            "v m editions=2025-01-01 input=1 from=2026-07-01",
            "v m-20250303 input=7",
            "v all editions=* input=3"
        )
        func input(_ id: String, _ date: String) throws -> Int64? {
            table.price(vendor: "v", model: id, at: try day(date))?.rates.input
        }
        #expect(try input("m-2025-01-01", "2026-01-01") == 2_000_000)
        #expect(try input("m@20250101", "2026-08-01") == 1_000_000)
        #expect(try input("m-002", "2026-01-01") == 2_000_000)
        #expect(try input("m-002", "2026-08-01") == nil)
        #expect(try input("m-20250303", "2026-08-01") == 7_000_000)
        #expect(try input("m-2025-03-03", "2026-08-01") == nil)
        #expect(try input("m-latest", "2026-08-01") == 1_000_000)
        #expect(try input("all-2031-01-01", "2026-08-01") == 3_000_000)
        #expect(try input("all-mini", "2026-08-01") == nil)
    }

    @Test(arguments: [
        ("openai", "gpt-5.4-ultra"), ("openai", "gpt-4o-audio-preview"), ("openai", "gpt"), ("openai", "gpt-4o-"),
        ("anthropic", "claude-opus-5-6"), ("anthropic", "claude-opus-5-5-fast"), ("openai", ""), ("openai", "-2024"),
        ("nobody", "gpt-4o"), ("groq", "gpt-4o"), ("openai", "gpt-4o--2024-08-06"),
        // Who passes prices on may have called another host than the vendor, and does not say so here.
        ("openrouter", "openai/gpt-4o-mini-2024-07-18"), ("openrouter", "anthropic/claude-haiku-4.5"),
        ("openai", "openai/gpt-4o"), ("anthropic", "models/claude-opus-5-5"),
        ("gemini", "models/models/gemini-2.5-flash"),
        // Where it runs changes the price, and nobody says by how much.
        ("bedrock", "mars.anthropic.claude-opus-5-5"), ("bedrock", "eu.amazon.nova-lite-v1:0"),
        ("bedrock", "us.us.anthropic.claude-opus-5-5"),
        ("fireworks", "accounts/fireworks/models/deepseek-v4p1-flash-1017-us"),
        // Tokens of sound cost more than those of text, and a usage does not tell them apart.
        ("openai", "gpt-audio"),
    ])
    func `other models are unknown, not nearly known`(vendor: String, id: String) {
        for _ in 0..<2 { #expect(PriceTable.builtIn.price(vendor: vendor, model: id, at: Date()) == nil) }
    }

    @Test func `the model that answered counts; the one that was asked only where nobody says which did`() {
        let table = PriceTable.builtIn
        let info = ProviderInfo(vendor: "openai", modelID: "gpt-4o")
        #expect(table.price(for: info, served: "gpt-4o-mini-2024-07-18", at: Date())?.rates.input == 150_000)
        #expect(table.price(for: info, served: "house-name", at: Date()) == nil)
        #expect(table.price(for: info, served: nil, at: Date())?.rates.input == 2_500_000)
        #expect(table.price(for: ProviderInfo(vendor: "openai"), served: nil, at: Date()) == nil)
    }

    @Test func `a model without a price is told of once`() async throws {
        let notices = InMemoryDiagnostics()
        let served = [
            "gpt-4o-2024-08-06", "gpt-4o-2031-01-01", "gpt-4o-2031-01-01", "gpt-4o-2031-01-01", "house-name",
        ]
        let provider = MockProvider(info: ProviderInfo(vendor: "openai", modelID: "gpt-4o")) { _, call in
            var answer = ChatResponse("fine", usage: Usage(input: 1, output: 1))
            answer.servedModel = served[call]
            return .answer(answer)
        }
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), meter: meter, diagnostics: notices.diagnostics) {
            ChatModel("m", provider)
        }
        _ = try await pipeline.respond(to: "hi")
        #expect(notices.notices.isEmpty)
        for _ in served.dropFirst() { _ = try await pipeline.respond(to: "hi") }
        #expect(meter.charges.map { $0.cost == nil } == [false, true, true, true, true])
        #expect(notices.notices.map(\.subject) == ["prices", "prices"])
        #expect(notices.notices.first?.message.contains("gpt-4o-2031-01-01") == true)
    }

    @Test func `a price that lacks a rate is told of once for each rate, by its name`() async throws {
        let notices = InMemoryDiagnostics()
        let usages = [Usage(input: 10), Usage(input: 4, cacheRead: 6), Usage(cacheRead: 6), Usage(cacheWrite1h: 6)]
        let provider = MockProvider(info: ProviderInfo(vendor: "vllm", modelID: "qwen3-8b")) { _, call in
            .answer(ChatResponse("fine", usage: usages[call % 4]))
        }
        let pipeline = try Pipeline(router: .to("local"), diagnostics: notices.diagnostics) {
            ChatModel("local", provider, price: .perMillion(input: 1, output: 2))
        }
        var costs: [Money?] = []
        for _ in usages { costs.append(try await pipeline.respond(to: "hi").cost) }
        #expect(costs.map { $0 == nil } == [false, true, true, true])
        let messages = notices.notices(about: "prices").map(\.message)
        #expect(messages.count == 2)
        #expect(messages.first?.contains("'qwen3-8b' of vllm has a price with no rate for input read") == true)
        #expect(messages.first?.contains("cacheRead") == true && messages.first?.contains("cache_read") == true)
        #expect(messages.last?.contains("cacheWrite1h") == true)
    }

    @Test func `a call that used nothing says nothing of its price`() async throws {
        let notices = InMemoryDiagnostics()
        let info = ProviderInfo(vendor: "openai", modelID: "house-name")
        let provider = MockProvider(info: info) { _, _ in .failure(LLMError(.authentication)) }
        let pipeline = try Pipeline(
            router: .to("m"),
            meter: InMemoryCostMeter(),
            diagnostics: notices.diagnostics
        ) { ChatModel("m", provider) }
        await #expect(throws: LLMError.self) { try await pipeline.respond(to: "hi") }
        #expect(notices.notices(about: "prices").isEmpty)
    }

    @Test func `made-up ids fill neither memory nor logs with notices`() {
        let notices = InMemoryDiagnostics()
        let unpriced = UnpricedModels(notices.diagnostics)
        for number in 0..<1000 { unpriced.note(vendor: "v", model: "m-\(number)", name: "m") }
        unpriced.note(vendor: "llmkit", model: "inner", name: "m")
        #expect(notices.notices.count == 256)
    }

    @Test func `made-up ids do not fill the memory`() {
        let memo = PriceMemo()
        var searches = 0
        for number in 0..<3000 {
            _ = memo.resolve("v", "m-\(number)") {
                searches += 1
                return nil
            }
        }
        #expect(searches == 3000)
        #expect(memo.count <= 1024)
    }

    // MARK: Times

    @Test func `a call has the price of its day`() throws {
        let table = try table(
            "v m input=2 output=8 until=2026-07-01",
            "v m input=1 output=4 from=2026-07-01 until=2026-09-01",
            "v m input=3 output=9 from=2026-10-01"
        )
        func input(_ text: String, _ seconds: Double = 0) throws -> Int64? {
            table.price(vendor: "v", model: "m", at: try day(text).addingTimeInterval(seconds))?.rates.input
        }
        #expect(try input("1999-01-01") == 2_000_000)
        #expect(try input("2026-07-01", -0.001) == 2_000_000)
        #expect(try input("2026-07-01") == 1_000_000)
        #expect(try input("2026-08-31", 86_399) == 1_000_000)
        #expect(try input("2026-09-01") == nil)
        #expect(try input("2026-10-01") == 3_000_000)
        #expect(try input("2099-01-01") == 3_000_000)
    }

    // MARK: Overriding

    @Test func `a table lies over another, model by model`() throws {
        let mine = try table("openai gpt-4o input=1 output=1", "acme a editions=2026 input=5 output=5")
        let merged = PriceTable.builtIn.overriding(with: mine)
        #expect(merged.price(vendor: "openai", model: "gpt-4o", at: Date())?.rates.input == 1_000_000)
        #expect(merged.price(vendor: "openai", model: "gpt-4o-2024-08-06", at: Date())?.rates.input == 1_000_000)
        #expect(merged.price(vendor: "openai", model: "gpt-4o-2024-05-13", at: Date())?.rates.input == 5_000_000)
        #expect(merged.price(vendor: "openai", model: "gpt-4.1", at: Date())?.rates.input == 2_000_000)
        #expect(merged.price(vendor: "acme", model: "a-2026", at: Date())?.rates.input == 5_000_000)
        #expect(PriceTable.builtIn.price(vendor: "acme", model: "a-2026", at: Date()) == nil)
        let dear = try merged.overriding(vendor: "acme", model: "a", with: .perMillion(input: 7, output: 7))
        #expect(dear.price(vendor: "acme", model: "a-2026", at: Date())?.rates.input == 7_000_000)
        #expect(throws: LLMError.self) {
            try merged.overriding(vendor: "acme", model: "a", with: .perMillion(input: -7, output: 7))
        }
    }

    // MARK: The format

    @Test func `every field of the format is read`() throws {
        let table = try table(
            "date: 2026-01-02",
            "source: the vendor's page  # seen today",
            "",
            "# a comment",
            "v\tm input=0.000001 output=12.50 cache_read=0 cache_write_5m=1.0000000 cache_write_1h=2 reasoning=20 "
                + "above1000.input=3 atleast2000.input=4 batch.input=0.5 batch.above1000.input=1.5 region.eu=1.125 "
                + "context=10 max_output=20 cache_min=30 retires=2027-01-31   # trailing"
        )
        #expect(table.date == (try day("2026-01-02")))
        #expect(table.source == "the vendor's page")
        let entry = try #require(table.entries.first)
        let rates = Price.Rates(
            input: 1,
            cacheRead: 0,
            cacheWrite5m: 1_000_000,
            cacheWrite1h: 2_000_000,
            output: 12_500_000,
            reasoning: 20_000_000
        )
        #expect(entry.price.rates == rates)
        #expect(entry.price.tiers.map(\.threshold) == [1000, 1999])
        #expect(entry.price.tiers.map(\.rates.input) == [3_000_000, 4_000_000])
        #expect(entry.price.services == [.batch: Price.Rates(input: 500_000, output: nil)])
        #expect(entry.price.serviceTiers[.batch]?.first?.rates.input == 1_500_000)
        #expect(entry.price.regions == ["eu": 1125])
        #expect(entry.contextWindow == 10 && entry.maxOutput == 20 && entry.promptCacheMinimum == 30)
        #expect(entry.retirementDate == (try day("2027-01-31")))
    }

    @Test func `any service tier can be priced, if it is spelled out as one`() throws {
        let price = try #require(
            try table("v m input=1 output=2 tier.on_demand.input=3 tier.on_demand.above9.input=4 tier.batch.input=0.5")
                .price(vendor: "v", model: "m", at: Date())
        )
        #expect(price.services[.other("on_demand")]?.input == 3_000_000)
        #expect(price.serviceTiers[.other("on_demand")]?.first?.rates.input == 4_000_000)
        #expect(price.services[.batch]?.input == 500_000)
    }

    @Test func `a server of one's own is priced by a word that one can write`() throws {
        let vendor = ProviderInfo().vendor
        let file = try table("openai-compatible house-model input=1 output=2", "vllm qwen3-8b input=0 output=0")
        #expect(file.price(vendor: vendor, model: "house-model", at: Date())?.rates.output == 2_000_000)
        #expect(file.price(vendor: "openai-compatible", model: "house-model", at: Date()) != nil)
        let own = Price.perMillion(input: 3, output: 4)
        let code = try PriceTable.builtIn.overriding(vendor: "openai-compatible", model: "house-model", with: own)
        #expect(code.price(vendor: vendor, model: "house-model", at: Date()) == own)
        #expect(
            try PriceTable.builtIn.overriding(vendor: "xai", model: "m", with: own).price(
                vendor: "x_ai",
                model: "m",
                at: Date()
            ) == own
        )
    }

    @Test func `where input and output cost nothing, nothing does`() throws {
        let usage = Usage(input: 40, cacheRead: 60, cacheWrite5m: 5, cacheWrite1h: 5, output: 5, reasoning: 3)
        for price in [Price.perMillion(input: 0, output: 0), .free] {
            #expect(price.cost(of: usage) == .zero)
            #expect(price.cost(of: usage, service: .other("on_demand")) == .zero)
        }
        let line = try table("vllm m input=0 output=0").price(vendor: "vllm", model: "m", at: Date())
        #expect(line?.cost(of: usage) == .zero)
        // Embeddings have no output to pay for, and a rate that is given holds.
        #expect(Price.perMillion(input: 1, output: 0).cost(of: usage) == nil)
        #expect(Price.perMillion(input: 0, cacheRead: 1, output: 0).cost(of: usage)?.picodollars == 60_000_000)
    }

    @Test func `lines may end as on Windows`() throws {
        let table = try PriceTable(parsing: "llmkit-prices 1\r\nv m input=1 output=2\r\n")
        #expect(table.price(vendor: "v", model: "m", at: Date())?.rates.output == 2_000_000)
    }

    @Test(arguments: [
        ("v m input=-3 output=1", "negative"), ("v m input=1e3 output=1", "digits"), ("v m input= output=1", "digits"),
        ("v m input=.5 output=1", "digits"), ("v m input=1. output=1", "digits"), ("v m input=1,5 output=1", "digits"),
        ("v m input=0.0000001 output=1", "decimals"), ("v m input=9999999999999 output=1", "too large"),
        ("v m input=1 input=2", "given twice"), ("v m price=1", "not a field"), ("v m", "fields such as"),
        ("v m input=1 editions=2024-05-13,", "editions are written like"), ("v m input=1 editions=", "editions"),
        ("v m input", "name=value"), ("v m from=2026-13-01 input=1", "2026-11-23"),
        ("v m from=2026-02-29 input=1", "2026-11-23"), ("v m until=yesterday input=1", "2026-11-23"),
        ("v m from=2026-02-02 until=2026-02-01 input=1", "before it begins"), ("v m batch.input=1", "standard rates"),
        ("v m input=1 standard.input=2", "neither"), ("v m input=1 above1.above2.input=2", "two thresholds"),
        ("v m input=1 a.b.input=2", "neither"), ("v m input=1 a.b.c.input=2", "neither"),
        ("v m input=1 abve200000.input=3", "above200000."), ("v m input=1 above2k.input=3", "above200000."),
        ("v m input=1 bacth.input=3", "batch., fast., flex., priority., ultrafast."),
        ("v m input=1 batch.abve200000.input=3", "neither"), ("v m input=1 above9.batch.input=3", "neither"),
        ("v m input=1 on_demand.input=3", "tier.NAME."), ("v m input=1 tier.standard.input=3", "no service tier"),
        ("v m input=1 tier.above9.input=3", "no service tier"), ("v m input=1 tier.input=3", "neither"),
        ("v m input=1 tier..input=3", "no service tier"), ("v m input=1 batch.input=3 tier.batch.input=3", "twice"),
        ("v m input=1 region.eu=0", "above zero"), ("v m input=1 region.=1.1", "has a name"),
        ("v m input=1 context=-1", "negative"), ("v m input=1 context=1.5", "decimals"),
        ("v m input=1 region.eu=1.0001", "decimals"), ("date: yesterday", "2026-11-23"),
    ])
    func `a mistake is named with file, line and remedy`(line: String, expected: String) {
        let message = error("# prices", line)
        #expect(message.hasPrefix("my.prices:3: "))
        #expect(message.contains(expected), "\(message)")
    }

    @Test(arguments: [
        ("v m input=1 output=1", "v m input=2 output=2"),
        ("v m input=1 from=2026-01-01", "v m input=2 from=2026-01-01"),
        ("v m input=1 from=2026-01-01", "v m input=2"),
        ("v m input=1 until=2026-02-01", "v m input=2 from=2026-01-31"),
        ("v m input=1 from=2026-01-01 until=2026-12-31", "v m input=2 from=2026-03-01 until=2026-04-01"),
        ("xai m input=1", "x_ai m input=1"),
    ])
    func `two prices for one time are refused`(first: String, second: String) {
        #expect(error(first, second).contains("my.prices:3: there is a price already"))
    }

    @Test func `prices in turn are no conflict, in any order`() throws {
        let table = try table("v m input=2 from=2026-02-01", "v m input=1 until=2026-02-01")
        #expect(table.entries.map(\.price.rates.input) == [1_000_000, 2_000_000])
    }

    @Test func `a file without its header is refused`() {
        for text in ["", "\n# nothing", "v m input=1 output=2", "llmkit-prices 2\nv m input=1"] {
            let error = #expect(throws: LLMError.self) { try PriceTable(parsing: text, name: "f") }
            #expect(error?.message.contains("llmkit-prices 1") == true)
        }
    }

    @Test func `prices are read from a file`() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("prices.txt")
        try "llmkit-prices 1\nv m input=1 output=2\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try PriceTable(contentsOf: path).entries.count == 1)
        let missing = #expect(throws: LLMError.self) { try PriceTable(contentsOf: path + ".no") }
        #expect(missing?.code == .storage)
        #expect(missing?.message.contains(path + ".no") == true)
        try Data([0x6C, 0xFF, 0xFE]).write(to: URL(filePath: path))
        let broken = #expect(throws: LLMError.self) { try PriceTable(contentsOf: path) }
        #expect(broken?.message.contains("UTF-8") == true)
    }

    @Test func `entries given in code are checked like those in files`() throws {
        let price = Price.perMillion(input: 1, output: 2)
        let entry = PriceTable.Entry(vendor: "v", model: "m", price: price)
        #expect(try PriceTable([entry]).price(vendor: "v", model: "m", at: Date()) == price)
        #expect(throws: LLMError.self) { try PriceTable([entry, entry]) }
        var negative = entry
        negative.price.serviceTiers = [.batch: [.init(above: 5, rates: .init(input: nil, output: -1))]]
        let error = #expect(throws: LLMError.self) { try PriceTable([negative]) }
        #expect(error?.message.contains("output is negative") == true)
    }
}

@Suite struct CalendarDayTests {
    @Test func `days agree with the calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for number in stride(from: -100_000, through: 200_000, by: 37) {
            let date = Date(timeIntervalSince1970: Double(number) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let day = CalendarDay(containing: date)
            let text = [
                String(format: "%04d", parts.year ?? 0), String(format: "%02d", parts.month ?? 0),
                String(format: "%02d", parts.day ?? 0),
            ].joined(separator: "-")
            #expect(day.description == text)
            #expect(CalendarDay(text) == day)
            #expect(day.start == date)
        }
    }

    @Test(arguments: [
        "", "2026-1-01", "2026-00-10", "2026-04-31", "2025-02-29", "26-01-01", "2026-01-01x", "+026-01-01",
    ])
    func `what is no day is refused`(text: String) { #expect(CalendarDay(text) == nil) }

    @Test func `absurd dates do not trap`() {
        #expect(
            CalendarDay(containing: Date(timeIntervalSince1970: -.infinity)) < CalendarDay(containing: .distantPast)
        )
        #expect(CalendarDay(containing: .distantFuture) < CalendarDay(containing: Date(timeIntervalSince1970: 1e300)))
    }
}
