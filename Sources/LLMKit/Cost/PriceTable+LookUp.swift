public import PortableFoundation

extension PriceTable {
    /// The price of a model at a moment, or `nil` if it is unknown.
    ///
    /// A dated or numbered id (`gpt-4o-2024-08-06`, `claude-haiku-4-5@20251001`, `…-v1:0`) has the price of its own
    /// line, else that of the model's line if that says so (`Entry/editions`), else none: an edition may cost something
    /// else, as `gpt-4o-2024-05-13` does. `…-latest` is the model itself. No other ending is cut off, because `gpt-5.4`
    /// and `gpt-5.4-pro` are not the same price.
    ///
    /// What stands in front of a model's name is cut off only where it does not change who is paid, or where the price
    /// of that is known: Google's `models/`, and the region of Bedrock's inference profiles (`us.anthropic.…`) if the
    /// model's line has a factor for it. OpenRouter's `openai/gpt-4o` and the like have no price of the vendor's: it
    /// passes list prices on, but of the host it chose for the call – a cloud, a region, a cheaper copy –, and the
    /// answer's model does not say which. An app that pins the host can price its models itself.
    /// - Parameters:
    ///   - vendor: its OpenTelemetry name, or one of the usual others, such as `xai` or `azure`.
    ///   - model: the vendor's id of the model, best the one that answered.
    ///   - date: when the call was made, to the minute: some vendors charge less at night.
    ///   - region: where it was processed, if that has a price of its own: `eu`, `us`.
    /// - Returns: what was charged then; `nil` also for a region that the model's line has no factor for.
    public func price(vendor: String, model: String, at date: Date, region: String? = nil) -> Price? {
        guard let entry = entry(vendor: vendor, model: model, at: date) else { return nil }
        guard let region else { return entry.price }
        // What a region that nobody has told of charges is unknown, not the same.
        guard let factor = entry.price.regions[region] else { return nil }
        return entry.price.scaled(thousandths: factor, region: region)
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
        let minute = CalendarMinute(containing: date)
        let entries = known(vendor: vendor, model: model)
        return entries.last { $0.hours != nil && $0.holds(at: minute) } ?? entries.last { $0.holds(at: minute) }
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
        return memo.resolve(vendor, model) {
            Self.edition(model, among: own) ?? Self.withoutPrefix(model, of: vendor, among: own)
        } ?? []
    }
}
