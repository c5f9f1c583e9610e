import Synchronization

/// Tells the operator of calls without a known cost, of each model once: it has no price, or its price lacks a rate.
///
/// Their calls are booked with an unknown cost, which no budget can count: that must not go unnoticed.
final class UnpricedModels: Sendable {
    private struct Name: Hashable {
        var vendor: String
        var model: String
        var gap: String?
    }

    private let told = Mutex<Set<Name>>([])
    private let diagnostics: Diagnostics
    /// Ids come from outside: a vendor that makes up a new one for every answer must fill neither memory nor logs.
    private static let limit = 256

    init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// - Parameters:
    ///   - vendor: who was called.
    ///   - model: the vendor's id of the model; nothing is told of providers that have none, such as nested pipelines.
    ///   - name: what the app calls the model.
    ///   - gap: what its price lacks; `nil` if it has none.
    func note(vendor: String, model: String?, name: ModelName, lacking gap: String? = nil) {
        guard let model, vendor != "llmkit" else { return }
        let new = Name(vendor: vendor, model: model, gap: gap)
        guard told.withLock({ $0.count < Self.limit && $0.insert(new).inserted }) else { return }
        let vendor = vendor == ProviderInfo().vendor ? "a vendor without a name (openai-compatible)" : vendor
        let remedy =
            if let gap {
                "has a price with \(gap), so calls of '\(name)' that need it have no known cost: add what your vendor "
                    + "charges for it to the ChatModel's price or the table's line"
            } else {
                "has no known price, so calls of '\(name)' have no known cost: give the ChatModel a price, or a price "
                    + "table a line for it (a dated id needs its own, or a place among the editions of its model's)"
            }
        diagnostics.report(.warning, "prices", "'\(model)' of \(vendor) \(remedy)")
    }
}
