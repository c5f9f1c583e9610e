/// For whom a call is made. Ledgers, budgets and caches are kept apart by it; it is never sent to a vendor.
public struct Caller: Hashable, Sendable, Codable {
    /// Whose data this is. Caches never cross tenants.
    public var tenant: String?
    public var user: String?
    /// The part of the app that asks, such as `"chat"` or `"summaries"`.
    public var feature: String?
    public var conversation: String?
    public var tags: [String: String]

    public init(
        tenant: String? = nil,
        user: String? = nil,
        feature: String? = nil,
        conversation: String? = nil,
        tags: [String: String] = [:]
    ) {
        self.tenant = tenant
        self.user = user
        self.feature = feature
        self.conversation = conversation
        self.tags = tags
    }
}
