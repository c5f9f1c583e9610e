#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The pipeline's models by name, with what would otherwise be asked of them on every request.
struct ModelTable: Sendable {
    struct Entry: Sendable {
        let name: ModelName
        let provider: any ModelProvider
        let info: ProviderInfo
        /// The app's own price, which outranks the table.
        let fixedPrice: Price?
        let prices: PriceTable
        /// Which price is applied, for bills.
        let priceVersion: String

        /// Told of models without a price.
        let unpriced: UnpricedModels

        /// The price of the model that answered, which may be a more precise version of the one asked for.
        func price(servedModel: String?, at date: Date) -> Price? {
            if let fixedPrice { return fixedPrice }
            if let price = prices.price(for: info, served: servedModel, at: date) { return price }
            unpriced.note(vendor: info.vendor, model: servedModel ?? info.modelID, name: name)
            return nil
        }
    }

    private let entries: [ModelName: Entry]

    init(_ models: [Model], prices: PriceTable, diagnostics: Diagnostics = .standardError) {
        let version = prices.version
        let unpriced = UnpricedModels(diagnostics)
        entries = Dictionary(
            models.map { model in
                let info = model.provider.info
                let entry = Entry(
                    name: model.name,
                    // Whoever keeps no time itself is raced against the request's clocks and deadline.
                    provider: info.keepsTime ? model.provider : raced(model.provider),
                    info: info,
                    fixedPrice: model.price,
                    prices: prices,
                    priceVersion: model.price == nil ? version : "model",
                    unpriced: unpriced
                )
                return (model.name, entry)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    subscript(name: ModelName) -> Entry? { entries[name] }

    /// The highest cost, among all models, of this many input tokens and the longest allowed answer; `nil` if a price is
    /// unknown.
    func worstCase(inputTokens: Int, outputTokens: Int, at date: Date) -> Money? {
        let usage = Usage(input: inputTokens, output: outputTokens)
        var worst = Money.zero
        for entry in entries.values {
            guard let cost = entry.price(servedModel: nil, at: date)?.cost(of: usage) else { return nil }
            worst = max(worst, cost)
        }
        return worst
    }
}

private func raced(_ provider: some ModelProvider) -> any ModelProvider { provider.timeouts() }
