/// One line of a price file: vendor, model, and fields of the form `name=value`.
enum PriceLine {
    typealias Conflict = PriceTable.Conflict

    /// Rates by class name.
    private static let classes: [String: any WritableKeyPath<Price.Rates, Int64?> & Sendable] = [
        "input": \.input, "output": \.output, "cache_read": \.cacheRead, "cache_write_5m": \.cacheWrite5m,
        "cache_write_1h": \.cacheWrite1h, "reasoning": \.reasoning,
    ]

    /// What belongs together while the fields of a line are read: rates of a service, above a number of tokens.
    private struct Section: Hashable {
        var service: String?
        var threshold: Int?
    }

    static func parse(_ words: [Substring]) throws(Conflict) -> PriceTable.Entry {
        guard words.count > 2 else {
            throw Conflict(message: "a price is a vendor, a model, and fields such as input=2.50 output=10")
        }
        var entry = PriceTable.Entry(
            vendor: PriceTable.commonName(ofVendor: String(words[0])),
            model: String(words[1]),
            price: Price(rates: Price.Rates(input: nil, output: nil))
        )
        var sections: [Section: Price.Rates] = [:]
        var seen: Set<Substring> = []
        for word in words.dropFirst(2) {
            guard let sign = word.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw Conflict(message: "\"\(word)\" is not of the form name=value")
            }
            let name = word[..<sign]
            guard seen.insert(name).inserted else { throw Conflict(message: "\(name) is given twice") }
            try read(name, word[word.utf8.index(after: sign)...], into: &entry, &sections)
        }
        guard let base = sections.removeValue(forKey: Section()) else {
            throw Conflict(message: "the standard rates are missing: give at least input=")
        }
        guard entry.holidays.isEmpty || entry.hours != nil else {
            throw Conflict(message: "except= names days without the line's hours: give hours=, too")
        }
        entry.price = assemble(base, sections, regions: entry.price.regions)
        return entry
    }

    private static func read(
        _ name: Substring,
        _ value: Substring,
        into entry: inout PriceTable.Entry,
        _ sections: inout [Section: Price.Rates]
    ) throws(Conflict) {
        switch name {
        case "editions":
            entry.editions = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard !entry.editions.contains("") else {
                throw Conflict(
                    message: "\(name)=\(value): editions are written like 2024-08-06,2024-11-20, or * for all"
                )
            }
        case "hours":
            guard let hours = WeeklyHours(String(value)) else {
                throw Conflict(message: "\(name)=\(value): hours are written like mon-fri@01:00-04:00,sat@06:00-10:00")
            }
            entry.hours = hours
        case "except":
            for text in value.split(separator: ",", omittingEmptySubsequences: false) {
                entry.holidays.insert(try day(name, text))
            }
        case "from": entry.from = try day(name, value)
        case "until": entry.until = try day(name, value)
        case "retires": entry.retires = try day(name, value)
        case "context": entry.contextWindow = try count(name, value)
        case "max_output": entry.maxOutput = try count(name, value)
        case "cache_min": entry.promptCacheMinimum = try count(name, value)
        default:
            let dot = UInt8(ascii: ".")
            let path = name.utf8.split(separator: dot, omittingEmptySubsequences: false).map { Substring($0) }
            if path.count == 2, path[0] == "region" {
                // Factors have three decimals: no vendor writes more.
                entry.price.regions[String(path[1])] = try number(name, value, places: 3, limit: 1_000_000)
                return
            }
            guard let last = path.last, let member = classes[String(last)], path.count <= 3 else {
                let known = classes.keys.sorted().joined(separator: ", ")
                throw Conflict(message: "\(name) is not a field: rates are \(known)")
            }
            var section = Section()
            for (index, word) in path.dropLast().enumerated() {
                if let threshold = threshold(word) {
                    guard section.threshold == nil else { throw Conflict(message: "\(name) has two thresholds") }
                    section.threshold = threshold
                } else {
                    guard index == 0, !word.isEmpty, word != "standard" else {
                        throw Conflict(message: "\(name) is not of the form service.above200000.class")
                    }
                    section.service = String(word)
                }
            }
            // At 1,000,000 picodollars per token for a dollar per million; a million dollars is surely a slip.
            let rate = try number(name, value, places: 6, limit: 1_000_000_000_000)
            sections[section, default: Price.Rates(input: nil, output: nil)][keyPath: member] = rate
        }
    }

    private static func assemble(
        _ base: Price.Rates,
        _ sections: [Section: Price.Rates],
        regions: [String: Int64]
    ) -> Price {
        var price = Price(rates: base, regions: regions)
        for (section, rates) in sections.sorted(by: { $0.key.threshold ?? 0 < $1.key.threshold ?? 0 }) {
            switch (section.service.map(ServiceTier.init), section.threshold) {
            case (nil, let threshold?): price.tiers.append(Price.Tier(above: threshold, rates: rates))
            case (let service?, nil): price.services[service] = rates
            case (let service?, let threshold?):
                price.serviceTiers[service, default: []].append(Price.Tier(above: threshold, rates: rates))
            case (nil, nil): break
            }
        }
        return price
    }

    // MARK: Values

    /// Reads `above200000`, or `atleast200000`: the number that must be exceeded.
    private static func threshold(_ word: Substring) -> Int? {
        if word.hasPrefix("above") { return Int(word.dropFirst(5)).flatMap { $0 >= 0 ? $0 : nil } }
        if word.hasPrefix("atleast") { return Int(word.dropFirst(7)).flatMap { $0 > 0 ? $0 - 1 : nil } }
        return nil
    }

    private static func day(_ name: Substring, _ value: Substring) throws(Conflict) -> CalendarDay {
        guard let day = CalendarDay(value) else {
            throw Conflict(message: "\(name)=\(value): a date is written like 2026-11-23")
        }
        return day
    }

    private static func count(_ name: Substring, _ value: Substring) throws(Conflict) -> Int {
        Int(try number(name, value, places: 0, limit: 1_000_000_000))
    }

    private static func number(
        _ name: Substring,
        _ value: Substring,
        places: Int,
        limit: Int64
    ) throws(Conflict) -> Int64 {
        let reason: String
        // No exponents: vendors write plain numbers, and a slip should not pass for one.
        let isPlain = value.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2E || $0 == 0x2D }
        if isPlain, let number = JSONNumber(utf8: value.utf8) {
            do throws(JSONNumber.ScalingFailure) {
                return try number.scaled(places: places, limit: limit)
            } catch {
                reason =
                    switch error {
                    case .negative: "a negative number: write what the vendor charges"
                    case .tooFine: "more than \(places) decimals: that is finer than prices are kept"
                    case .tooLarge: "too large: rates are dollars per million tokens"
                    }
            }
        } else {
            reason = "a number is written in digits, such as 2.50"
        }
        throw Conflict(message: "\(name)=\(value): \(reason)")
    }
}
