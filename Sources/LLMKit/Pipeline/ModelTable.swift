import PortableFoundation

/// The pipeline's models by name, with what would otherwise be asked of them on every request.
struct ModelTable: Sendable {
    /// A class, because every model call holds it.
    final class Entry: Sendable {
        let name: ModelName
        let provider: any ModelProvider
        let info: ProviderInfo
        /// The app's own price, which outranks the table.
        let fixedPrice: Price?
        let prices: PriceTable

        init(
            name: ModelName,
            provider: any ModelProvider,
            info: ProviderInfo,
            fixedPrice: Price?,
            prices: PriceTable
        ) {
            self.name = name
            self.provider = provider
            self.info = info
            self.fixedPrice = fixedPrice
            self.prices = prices
        }

        /// The price of the model that is asked.
        func price(at date: Date) -> Price? {
            if let fixedPrice { return fixedPrice }
            return info.modelID.flatMap { prices.price(vendor: info.vendor, model: $0, at: date) }
        }
    }

    private let entries: [ModelName: Entry]
    /// Which price table is applied, for bills.
    let priceVersion: String
    /// Whether the calls of all models can be stopped without cancelling the task that waits for them.
    let isStoppable: Bool

    init(_ models: [ChatModel], prices: PriceTable) {
        priceVersion = prices.version
        isStoppable = models.allSatisfy(\.provider.info.isStoppable)
        entries = Dictionary(
            models.map { model in
                let info = model.provider.info
                let entry = Entry(
                    name: model.name,
                    // Whoever keeps no time itself is raced against the request's clocks and deadline.
                    provider: info.keepsTime ? model.provider : raced(model.provider),
                    info: info,
                    fixedPrice: model.price,
                    prices: prices
                )
                return (model.name, entry)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    subscript(name: ModelName) -> Entry? { entries[name] }
}

private func raced(_ provider: some ModelProvider) -> any ModelProvider { provider.timeouts() }
