import Foundation
import Testing

@testable import LLMKit

/// The table that ships, against the file that it is generated from.
@Suite struct BuiltInPriceTests {
    private func day(_ text: String) throws -> Date { try #require(CalendarDay(text)).start }

    private static let rows: [[String: String]] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Scripts/prices.csv")
        let lines = ((try? String(contentsOf: path, encoding: .utf8)) ?? "").split(separator: "\n")
        let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        guard let names = cells.first else { return [] }
        return cells.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }()

    private func rates(_ row: [String: String]) -> Price.Rates {
        func rate(_ column: String) -> Int64? {
            row[column].flatMap { Decimal(string: $0) }.map { NSDecimalNumber(decimal: $0 * 1_000_000).int64Value }
        }
        return Price.Rates(
            input: rate("input"),
            cacheRead: rate("cached_read"),
            cacheWrite5m: rate("cache_write_5m"),
            cacheWrite1h: rate("cache_write_1h"),
            output: rate("output"),
            reasoning: rate("reasoning_output")
        )
    }

    @Test func `every row of the source is in the table, cell by cell, and nothing else`() throws {
        var left = PriceTable.builtIn.entries
        #expect(left.count == 242)
        #expect(PriceTable.builtIn.date == (try day("2026-11-29")))
        #expect(PriceTable.builtIn.source.contains("litellm"))
        var index = 0
        while index < Self.rows.count {
            let row = Self.rows[index]
            let sections = Self.rows[(index + 1)...].prefix { $0["section"] != "" }
            index += 1 + sections.count
            let vendor = PriceTable.commonName(ofVendor: try #require(row["provider"]))
            let own = try #require(
                left.firstIndex {
                    $0.vendor == vendor && $0.model == row["model"] && ($0.hours != nil) == (row["hours"] != "")
                        && ($0.from?.description ?? "") == row["valid_from"]
                },
                "\(vendor) \(row["model"] ?? "")"
            )
            let entry = left.remove(at: own)
            #expect(entry.price.rates == rates(row))
            var price = Price(rates: entry.price.rates, regions: entry.price.regions)
            for section in sections {
                let words = (section["section"] ?? "").split(separator: ".").map(String.init)
                let threshold = words.last.flatMap { word -> Int? in
                    if let above = word.wholeMatch(of: /above([0-9]+)/) { return Int(above.1) }
                    return word.wholeMatch(of: /atleast([0-9]+)/).flatMap { Int($0.1) }.map { $0 - 1 }
                }
                let tier = threshold.map { Price.Tier(above: $0, rates: rates(section)) }
                if words.count == 1, let tier {
                    price.tiers.append(tier)
                } else if let tier {
                    price.serviceTiers[ServiceTier(words[0]), default: []].append(tier)
                } else {
                    price.services[ServiceTier(words[0])] = rates(section)
                }
            }
            #expect(entry.price == price)
            let regions = entry.price.regions.sorted { $0.key < $1.key }.map { "\($0.key)=\(Double($0.value) / 1000)" }
            #expect(regions.joined(separator: ";").replacing(".0", with: "") == row["regions"])
            #expect(entry.hours == row["hours"].flatMap { WeeklyHours($0.replacing(";", with: ",")) })
            #expect(entry.holidays.map(\.description).sorted().joined(separator: ";") == row["except"])
            #expect(entry.until?.description ?? "" == row["valid_until"])
            #expect(entry.editions.joined(separator: ";") == row["editions"])
            #expect(entry.contextWindow == row["context_window"].flatMap { Int($0) })
            #expect(entry.maxOutput == row["max_output"].flatMap { Int($0) })
            #expect(entry.promptCacheMinimum == row["prompt_cache_min_tokens"].flatMap { Int($0) })
            #expect(entry.retires?.description ?? "" == row["retirement_date"])
        }
        #expect(left.isEmpty)
    }

    @Test func `no factor of a region rounds a rate`() {
        for entry in PriceTable.builtIn.entries {
            let price = entry.price
            let all = [price.rates] + price.tiers.map(\.rates) + price.services.values
            for rates in all + price.serviceTiers.values.flatMap({ $0.map(\.rates) }) {
                let known = [
                    rates.input, rates.cacheRead, rates.cacheWrite5m, rates.cacheWrite1h, rates.output, rates.reasoning,
                ]
                for rate in known.compactMap({ $0 }) {
                    #expect(price.regions.values.allSatisfy { (rate * $0).isMultiple(of: 1000) }, "\(entry.model)")
                }
            }
        }
    }

    @Test func `a price that is announced to end does so`() throws {
        func input(_ model: String, _ date: String) throws -> Int64? {
            PriceTable.builtIn.price(vendor: "gemini", model: model, at: try day(date))?.rates.input
        }
        #expect(try input("gemini-3.8-flash", "2026-12-31") == 750_000)
        #expect(try input("gemini-3.8-flash", "2027-01-01") == 1_500_000)
        #expect(try input("gemini-3.7-flash", "2026-12-31") == 750_000)
        #expect(try input("gemini-3.7-flash", "2027-01-01") == nil)
    }
}
