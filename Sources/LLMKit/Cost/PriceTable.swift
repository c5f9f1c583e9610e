package import PortableFoundation

/// What vendors charge, by vendor and model, each price with the time it holds for.
///
/// ```swift
/// let prices = try PriceTable.builtIn.overriding(with: PriceTable(contentsOf: "prices.txt"))
/// ```
///
/// A model that the table does not know has no price, and its calls no cost: unknown, never zero.
public struct PriceTable: Sendable {
    /// The day the prices were gathered; `nil` if the table does not say.
    package private(set) var date: Date?
    /// Where the prices come from, in words.
    package private(set) var source: String
    /// Entries by vendor and model, in order of time.
    private(set) var models: [String: [String: [Entry]]] = [:]
    let memo = PriceMemo()

    /// - Throws: ``LLMError`` with code `invalid_configuration` if a rate is negative, or if two entries give prices of
    ///   the same model for the same time.
    package init(_ entries: [Entry] = [], date: Date? = nil, source: String = "code") throws(LLMError) {
        self.date = date
        self.source = source
        for entry in entries {
            do throws(Conflict) {
                try insert(entry)
            } catch {
                throw LLMError(.invalidConfiguration, "price table: \(entry.vendor) \(entry.model): \(error.message)")
            }
        }
    }

    /// What bills say of where their prices come from: the table's date, or its source where it has none.
    package var version: String { date.map { CalendarDay(containing: $0).description } ?? source }

    /// Why an entry cannot be added.
    struct Conflict: Error { var message: String }

    mutating func insert(_ given: Entry) throws(Conflict) {
        var entry = given
        // As providers call themselves, or the price would never be found.
        entry.vendor = Self.commonName(ofVendor: entry.vendor)
        if let rate = entry.price.negativeRate {
            throw Conflict(message: "the rate of \(rate) is negative: write what the vendor charges")
        }
        if let from = entry.from, let until = entry.until, from >= until {
            throw Conflict(message: "the price ends (\(until)) before it begins (\(from))")
        }
        var entries = models[entry.vendor]?[entry.model] ?? []
        if let other = entries.first(where: { entry.overlaps($0) }) {
            let span = "from \(other.from?.description ?? "ever") until \(other.until?.description ?? "ever")"
            throw Conflict(message: "there is a price already (\(span)): give each price its own time, or drop one")
        }
        entries.append(entry)
        entries.sort { ($0.from ?? .distantPast) < ($1.from ?? .distantPast) }
        models[entry.vendor, default: [:]][entry.model] = entries
    }

    mutating func describe(date: Date?, source: String) {
        self.date = date
        self.source = source
    }

    /// All entries, by vendor, model and time.
    package var entries: [Entry] {
        models.keys.sorted().flatMap { vendor in
            let own = models[vendor] ?? [:]
            return own.keys.sorted().flatMap { own[$0] ?? [] }
        }
    }

    /// This table with the models of `other` in place of its own.
    ///
    /// Where both know a model of a vendor, all times of it are the other's. Which editions the model has
    /// (`Entry/editions`) is still known from this table, unless the other says so itself.
    public func overriding(with other: PriceTable) -> PriceTable {
        var result = self.copy()
        for (vendor, own) in other.models {
            result.models[vendor, default: [:]].merge(own) { base, new in Self.keepingEditions(of: base, in: new) }
        }
        result.date = other.date ?? date
        result.source = "\(other.source) over \(source)"
        return result
    }

    private static func keepingEditions(of base: [Entry], in entries: [Entry]) -> [Entry] {
        guard entries.allSatisfy(\.editions.isEmpty) else { return entries }
        let editions = Set(base.flatMap(\.editions)).sorted()
        return entries.map { entry in
            var entry = entry
            entry.editions = editions
            return entry
        }
    }

    /// This table with another price of one model, for all times.
    /// - Parameters:
    ///   - vendor: its OpenTelemetry name, or one of the usual others: `openai-compatible` is what
    ///     `.openAICompatible(_:at:)` asks, and `vllm`, `ollama`, `tgi`, `llama.cpp` are the presets of those names.
    ///   - model: the vendor's id of the model.
    ///   - price: what it charges.
    /// - Returns: the table with that price.
    /// - Throws: ``LLMError`` with code `invalid_configuration` if a rate is negative.
    public func overriding(vendor: String, model: String, with price: Price) throws(LLMError) -> PriceTable {
        overriding(with: try PriceTable([Entry(vendor: vendor, model: model, price: price)], date: date))
    }

    /// The same entries without what was remembered about them.
    private func copy() -> PriceTable {
        var result = PriceTable(empty: source)
        result.date = date
        result.models = models
        return result
    }

    init(empty source: String) { self.source = source }
}
