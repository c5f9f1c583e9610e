/// One line of a price file: vendor, model, and fields of the form `name=value`.
enum PriceLine {
    typealias Conflict = PriceTable.Conflict

    /// Rates by class name.
    private static let classes: [String: any WritableKeyPath<Price.Rates, Int64?> & Sendable] = [
        "input": \.input, "output": \.output, "cache_read": \.cacheRead, "cache_write_5m": \.cacheWrite5m,
        "cache_write_1h": \.cacheWrite1h, "reasoning": \.reasoning,
    ]

    /// The service tiers that need no `tier.` in front: those of the built-in table.
    private static let services: Set<Substring> = ["batch", "flex", "priority", "fast", "ultrafast"]

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
            vendor: String(words[0]),
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
        entry.price = assemble(base.freeThroughout, sections, regions: entry.price.regions)
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
                throw Conflict(
                    message: "\(name)=\(value): hours are written like mon-fri@01:00-04:00,fri-mon@22:00-06:00"
                )
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
                let factor = try number(name, value, places: 3, limit: 1_000_000)
                guard factor > 0, !path[1].isEmpty else {
                    throw Conflict(
                        message: "\(name)=\(value): a region has a name and a factor above zero, such as 1.1"
                    )
                }
                entry.price.regions[String(path[1])] = factor
                return
            }
            guard let last = path.last, let member = classes[String(last)] else {
                let known = classes.keys.sorted().joined(separator: ", ")
                throw Conflict(message: "\(name) is not a field: rates are \(known)")
            }
            let section = try section(path.dropLast(), of: name)
            // At 1,000,000 picodollars per token for a dollar per million; a million dollars is surely a slip.
            let rate = try number(name, value, places: 6, limit: 1_000_000_000_000)
            var rates = sections[section] ?? Price.Rates(input: nil, output: nil)
            guard rates[keyPath: member] == nil else { throw Conflict(message: "\(name) is given twice") }
            rates[keyPath: member] = rate
            sections[section] = rates
        }
    }

    /// Reads what stands in front of a class: `batch`, `above200000`, `batch.above200000`, `tier.on_demand`.
    ///
    /// A word that is none of these is a slip: as a service tier that no answer names, its rate would never be used.
    private static func section(_ words: ArraySlice<Substring>, of name: Substring) throws(Conflict) -> Section {
        var section = Section()
        var rest = words
        if rest.first == "tier", rest.count > 1 {
            let tier = rest[rest.startIndex + 1]
            guard !tier.isEmpty, tier != "standard", threshold(tier) == nil else {
                throw Conflict(message: "\(name): \"\(tier)\" names no service tier: write tier.NAME.input=")
            }
            section.service = String(tier)
            rest = rest.dropFirst(2)
        } else if let first = rest.first, services.contains(first) {
            section.service = String(first)
            rest = rest.dropFirst()
        }
        for word in rest {
            guard let threshold = threshold(word) else {
                throw Conflict(
                    message: "\(name): \"\(word)\" is neither a length of prompt (above200000., atleast200000.) nor a "
                        + "service tier (\(services.sorted().map { "\($0)." }.joined(separator: ", ")); of others "
                        + "tier.NAME.): a rate is written like batch.above200000.input=1.25"
                )
            }
            guard section.threshold == nil else { throw Conflict(message: "\(name) has two thresholds") }
            section.threshold = threshold
        }
        return section
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
