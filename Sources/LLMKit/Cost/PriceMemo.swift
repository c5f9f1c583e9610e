import Synchronization

/// Remembers which entries an id leads to that has none of its own: the same few ids come again with every call.
final class PriceMemo: Sendable {
    private struct Name: Hashable {
        var vendor: String
        var model: String
    }

    private let found = Mutex<[Name: [PriceTable.Entry]?]>([:])
    /// Ids come from outside: a vendor that makes up a new one for every answer must not fill the memory.
    private static let limit = 1024

    var count: Int { found.withLock { $0.count } }

    func resolve(
        _ vendor: String,
        _ model: String,
        _ search: () -> [PriceTable.Entry]?
    ) -> [PriceTable.Entry]? {
        let name = Name(vendor: vendor, model: model)
        if let known = found.withLock({ $0[name] }) { return known }
        let result = search()
        found.withLock { found in
            if found.count >= Self.limit { found = [:] }
            found[name] = .some(result)
        }
        return result
    }
}
