import PortableFoundation
import Synchronization

/// The pipeline's models by name, with what would otherwise be asked of them on every request.
struct ModelTable: Sendable {
    /// A class, because every model call holds it.
    final class Entry: Sendable {
        let name: ModelName
        let provider: any ModelProvider
        let info: ProviderInfo
        /// The app's own price, which outranks the table.
        let fixedPrice: AppliedPrice?
        private let prices: PriceTable
        /// What the table said of the model that is asked, and for which minute.
        private let latest = Mutex<(minute: CalendarMinute, price: AppliedPrice?)?>(nil)

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
            self.fixedPrice = fixedPrice.map { AppliedPrice(price: $0, version: "model") }
            self.prices = prices
        }

        /// The price of the model that is asked.
        func price(at date: Date) -> AppliedPrice? {
            if let fixedPrice { return fixedPrice }
            guard let model = info.modelID else { return nil }
            let minute = CalendarMinute(containing: date)
            return latest.withLock { latest in
                // A table's prices change between minutes, never within one.
                if let latest, latest.minute == minute { return latest.price }
                let price = prices.applied(vendor: info.vendor, model: model, at: date)
                latest = (minute, price)
                return price
            }
        }

        /// Whether that is who is asked when this upstream's model is.
        func isAsked(_ upstream: Upstream, model: String) -> Bool {
            info.modelID == model && info.vendor == upstream.vendor
        }
    }

    private let entries: [ModelName: Entry]
    /// Whether the calls of all models can be stopped without cancelling the task that waits for them.
    let isStoppable: Bool

    init(_ models: [ChatModel], prices: PriceTable) {
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

extension PriceTable {
    /// The price of a model at a moment, as bills name it.
    func applied(vendor: String, model: String, at date: Date) -> AppliedPrice? {
        price(vendor: vendor, model: model, at: date).map { AppliedPrice(price: $0, version: version) }
    }
}
