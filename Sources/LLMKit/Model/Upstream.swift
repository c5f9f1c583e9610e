/// Who is asked in one attempt: which vendor, which model, at which address.
///
/// It is also on the answer (``ChatResponse/upstream``), so that a provider that chooses among several vendors is priced
/// by the one that really answered.
public struct Upstream: Hashable, Sendable, Codable {
    /// The vendor by its OpenTelemetry name (`gen_ai.provider.name`), such as `openai`.
    public var vendor: String
    /// The vendor's id of the model, for the price table.
    public var modelID: String?
    /// The host, without credentials or query.
    public var serverAddress: String?
    public var serverPort: Int?

    public init(vendor: String, modelID: String? = nil, serverAddress: String? = nil, serverPort: Int? = nil) {
        self.vendor = vendor
        self.modelID = modelID
        self.serverAddress = serverAddress
        self.serverPort = serverPort
    }
}
