import Foundation
import Testing

@testable import LLMKit

@Suite struct CacheReportTests {
    @Test func `the wrong share and its interval come from the checked hits`() throws {
        let matches = (0..<200).map {
            CheckedMatch(score: 0.95, threshold: 0.9, weight: 20, wasRight: $0 >= 3, partition: UInt64($0 % 2))
        }
        let report = CacheReport(.init(lookups: 8000, hits: 4000, saved: .dollars(12)), matches: matches)
        let wrong = try #require(report.wrongShare)
        #expect(abs(wrong.share - 0.015) < 1e-12)
        // Equal weights: the exact interval of 3 in 200.
        #expect(abs(wrong.high - BinomialLimit.upper(3, of: 200, confidence: 0.975)) < 1e-9)
        #expect(abs(wrong.low - BinomialLimit.lower(3, of: 200, confidence: 0.975)) < 1e-9)
        #expect(report.hitRate == 0.5 && report.checkedHits == 200)
        #expect(report.partitions.count == 2)
        #expect(report.description.contains("50 %") && report.description.contains("$12.00"))
    }

    @Test(arguments: [(200, 3), (200, 0), (10, 0), (10, 10), (1, 0), (40, 20)])
    func `so many more checks as are told halve the interval`(checked: Int, wrong: Int) throws {
        let matches = (0..<checked).map { CheckedMatch(score: 1, threshold: 0, weight: 20, wasRight: $0 >= wrong) }
        let report = CacheReport(.init(lookups: 8000, hits: 4000), matches: matches)
        let estimate = try #require(report.wrongShare)
        let more = try #require(report.checksToHalveInterval)
        let count = Double(checked + more)
        let share = Double(wrong) / Double(checked)
        let width =
            BinomialLimit.upper(share * count, of: count, confidence: 0.975)
            - BinomialLimit.lower(share * count, of: count, confidence: 0.975)
        #expect(abs(width / (estimate.high - estimate.low) - 0.5) < 0.05)
    }

    @Test func `the report says what its range is, and how to narrow it`() {
        let matches = (0..<200).map { CheckedMatch(score: 1, threshold: 0, wasRight: $0 >= 3) }
        let words = CacheReport(.init(lookups: 400, hits: 200), matches: matches).description
        #expect(words.contains("wrong: about 1.5 % of hits, by 200 that were checked"))
        #expect(words.contains("the true share is 0.31 % to 4.3 %, with 95 % confidence"))
        #expect(words.contains("more checks make that range half as wide"))
        #expect(CacheReport(.init(lookups: 1, hits: 0), matches: []).checksToHalveInterval == nil)
    }

    @Test func `a match counts for as many as were not checked`() throws {
        // Half of the matches: checked always and often wrong, but below the threshold; the others one in ten.
        let closed = (0..<100).map { CheckedMatch(score: 0.5, threshold: 0.9, weight: 1, wasRight: $0 % 2 == 0) }
        let open = (0..<10).map { _ in CheckedMatch(score: 0.95, threshold: 0.9, weight: 10, wasRight: true) }
        let report = CacheReport(.init(lookups: 400, hits: 90), matches: closed + open)
        #expect(report.checkedHits == 10)
        #expect(report.wrongShare?.share == 0)
        let last = try #require(report.curve.last)
        #expect(abs(last.hitShare - 0.5) < 1e-12)
        #expect(abs(last.wrongShare - 0.25) < 1e-12)
    }

    @Test func `weights come from how likely a trial was to be checked`() {
        let found = SyntheticTraffic.neighbourhood(score: 0.9, partition: 6)
        let decision = HitDecision.check(0, score: 0.9, threshold: 0.8, rate: 0.05)
        let match = CheckedMatch(HitTrial(found: found, decision: decision, wasRight: true))
        #expect(abs(match.weight - 20) < 1e-9)
        #expect(match.partition == 6 && match.isHit)
    }

    @Test func `complaints are no sample of what is served`() async throws {
        let ledger = try Ledger(path: ":memory:")
        let found = SyntheticTraffic.neighbourhood(score: 0.8)
        for number in 0..<150 {
            let isComplaint = number < 50
            let decision: HitDecision =
                isComplaint ? .serve(0, score: 0.8, threshold: 0.5) : .check(0, score: 0.8, threshold: 0.5)
            let trial = HitTrial(found: found, decision: decision, wasRight: !isComplaint)
            ledger.record(CacheTrial(date: Date(), entry: 1, source: isComplaint ? .feedback : .recheck, trial: trial))
        }
        let report = try await ledger.cacheReport()
        #expect(report.checkedHits == 100)
        #expect(report.wrongShare?.share == 0)
    }

    @Test func `without checks nothing is claimed`() {
        let report = CacheReport(.init(lookups: 0, hits: 0), matches: [])
        #expect(report.wrongShare == nil && report.curve.isEmpty && report.hitRate == 0)
        #expect(report.description.contains("not known"))
        #expect(report.plot().contains("no data"))
    }

    @Test func `the plot is one well-formed image that refers to nothing`() throws {
        var traffic = SyntheticTraffic(seed: 4)
        let matches = (0..<3000).map { _ in
            let (score, chance) = traffic.next(at: 0)
            return CheckedMatch(score: score, threshold: 0.7, wasRight: traffic.draw() >= chance)
        }
        let report = CacheReport(.init(lookups: 4000, hits: 1000), matches: matches)
        let svg = report.plot(title: "a < b & c", bound: 0.02)
        #expect(svg.hasPrefix("<svg ") && svg.contains("a &lt; b &amp; c"))
        #expect(!svg.contains("href") && !svg.contains("nan") && !svg.contains("inf"))
        let parser = XMLParserCheck(svg)
        #expect(parser.isWellFormed)
        #expect(report.curve.count > 20)
        #expect(report.curve.map(\.threshold) == report.curve.map(\.threshold).sorted(by: >))
        // As wide as a phone, where it gets smaller on a page that is narrower still.
        #expect(svg.contains("viewBox=\"0 0 400 ") && svg.contains("style=\"max-width:100%;height:auto\""))
        for label in svg.matches(of: /<text x="([-0-9.]+)"[^>]*?(text-anchor="end"|text-anchor="middle")?>([^<]*)</) {
            let x = try #require(Double(label.1))
            let width = Double(label.3.count) * 7.2
            let start = label.2 == nil ? x : label.2 == "text-anchor=\"end\"" ? x - width : x - width / 2
            #expect(start >= -3 && start + width <= 403, "\(label.3)")
        }
        if let path = ProcessInfo.processInfo.environment["LLMKIT_PLOT"] {
            try Data(svg.utf8).write(to: URL(filePath: path))
        }
    }
}

/// Whether tags nest: enough for what the plots are made of.
private struct XMLParserCheck {
    let isWellFormed: Bool

    init(_ text: String) {
        var open: [Substring] = []
        var isSound = true
        for part in text.split(separator: "<").map({ $0.prefix { $0 != ">" } }) {
            if part.hasSuffix("/") { continue }
            if part.hasPrefix("/") {
                if open.popLast() != part.dropFirst() { isSound = false }
            } else {
                open.append(part.prefix { $0 != " " })
            }
        }
        isWellFormed = isSound && open.isEmpty
    }
}
