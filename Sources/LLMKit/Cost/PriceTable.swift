public import PortableFoundation

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
    private let memo = PriceMemo()

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

    mutating func insert(_ entry: Entry) throws(Conflict) {
        if let rate = entry.price.negativeRate {
            throw Conflict(message: "the rate of \(rate) is negative: write what the vendor charges")
        }
        if let from = entry.from, let until = entry.until, from >= until {
            throw Conflict(message: "the price ends (\(until)) before it begins (\(from))")
        }
        var entries = models[entry.vendor]?[entry.model] ?? []
        if let other = entries.first(where: entry.overlaps) {
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

    // MARK: Look-up

    /// The price of a model at a moment, or `nil` if it is unknown.
    ///
    /// A dated or numbered id (`gpt-4o-2024-08-06`, `claude-haiku-4-5@20251001`, `…-v1:0`) has the price of its own
    /// line, else that of the model's line if that says so (`Entry/editions`), else none: an edition may cost something
    /// else, as `gpt-4o-2024-05-13` does. `…-latest` is the model itself. No other ending is cut off, because `gpt-5.4`
    /// and `gpt-5.4-pro` are not the same price.
    /// - Parameters:
    ///   - vendor: its OpenTelemetry name, or one of the usual others, such as `xai` or `azure`.
    ///   - model: the vendor's id of the model, best the one that answered.
    ///   - date: when the call was made.
    ///   - region: where it was processed, if that has a price of its own: `eu`, `us`.
    /// - Returns: what was charged then.
    public func price(vendor: String, model: String, at date: Date, region: String? = nil) -> Price? {
        guard let entry = entry(vendor: vendor, model: model, at: date) else { return nil }
        guard let region, let factor = entry.regions[region] else { return entry.price }
        return entry.price.scaled(thousandths: factor)
    }

    /// The price of a call to a provider: that of the model that answered, or, where the vendor does not say which did,
    /// that of the model that was asked.
    ///
    /// If the model that answered is unknown, so is the price: it may be another one than was asked for.
    /// - Parameters:
    ///   - provider: who was called.
    ///   - served: the vendor's id of the model that answered, if it said so.
    ///   - date: when the call was made.
    /// - Returns: what was charged then, or `nil` if that is unknown.
    package func price(for provider: ProviderInfo, served: String?, at date: Date) -> Price? {
        guard let model = served ?? provider.modelID else { return nil }
        return price(vendor: provider.vendor, model: model, at: date)
    }

    /// Everything the table knows of a model at a moment.
    package func entry(vendor: String, model: String, at date: Date) -> Entry? {
        let day = CalendarDay(containing: date)
        return known(vendor: vendor, model: model).last { $0.holds(on: day) }
    }

    /// The start of the day on which the vendor switches a model off, if that is known.
    package func retirementDate(vendor: String, model: String) -> Date? {
        known(vendor: vendor, model: model).last?.retirementDate
    }

    private func known(vendor: String, model: String) -> [Entry] {
        let vendor = models[vendor] == nil ? Self.commonName(ofVendor: vendor) : vendor
        guard let own = models[vendor] else { return [] }
        if let entries = own[model] { return entries }
        // Ids come from outside, and no real one is that long.
        guard model.utf8.count <= 256 else { return [] }
        return memo.resolve(vendor, model) { Self.edition(model, among: own) } ?? []
    }
}
