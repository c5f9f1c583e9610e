import LLMKit

/// What tells one simulated vendor from the others: its format, its headers, its rules, its way of caching prompts.
protocol VendorAPI: Sendable {
    /// The models it serves, cheap to strong.
    var catalogue: [SimulatedModel] { get }
    /// What its answers' ids begin with.
    var idPrefix: String { get }
    /// What the ids of its tool calls begin with.
    var callPrefix: String { get }

    /// What an address is for; `nil` if there is nothing.
    func endpoint(at path: String) -> VendorEndpoint?

    /// The key that came with a request.
    func key(in request: VendorRequest) -> String?

    /// The headers of every answer.
    /// - Parameters:
    ///   - requestID: the vendor's id of the request.
    ///   - limit: how many requests may be made.
    ///   - remaining: how many are left of them.
    func headers(requestID: String, limit: Int, remaining: Int) -> [HTTPHeader]

    /// Refuses a request that lacks what every request to the vendor must have, the key aside.
    func check(_ request: VendorRequest) throws(WireError)

    /// Reads a request, by the vendor's grammar and its rules.
    func read(_ request: VendorRequest, countsOnly: Bool) throws(WireError) -> DecodedRequest

    /// Refuses a request that is too much for the model, the prompt's length aside.
    func check(_ decoded: DecodedRequest, for model: SimulatedModel) throws(WireError)

    /// Why a prompt of so many tokens is refused.
    func tooLong(_ tokens: Int, for model: SimulatedModel) -> WireError

    /// Splits the prompt into what is read from the vendor's cache, what is written to it, and the rest.
    func split(_ conversation: Conversation, minimum: Int, in cache: inout PromptCache) -> PromptCache.Split

    /// A whole answer.
    /// - Parameter alternatives: further answers to the same request, at vendors that give several.
    func whole(_ choice: Choice, alternatives: [Choice]) -> [UInt8]

    /// The same as a stream, token by token.
    func stream(_ choice: Choice, alternatives: [Choice], to request: DecodedRequest) -> [StreamPiece]

    /// The list of models, or the page of it that the query asks for.
    func models(_ query: Query) throws(WireError) -> [UInt8]

    /// What the vendor tells of one model.
    func model(_ model: SimulatedModel) -> [UInt8]

    func error(_ error: WireError, requestID: String) -> EncodedError
}

/// What a simulated vendor does at an address.
enum VendorEndpoint: Sendable {
    case answer
    case countTokens
    case models
    /// One model, by its id.
    case model(String)

    /// The method that it is called by.
    var method: String {
        switch self {
        case .answer, .countTokens: "POST"
        case .models, .model: "GET"
        }
    }

    /// What there is about models at an address; `nil` if it is about something else.
    init?(modelsAt path: String) {
        let root = "/v1/models"
        if path == root {
            self = .models
        } else if path.hasPrefix(root + "/") {
            self = .model(String(path.dropFirst(root.count + 1)))
        } else {
            return nil
        }
    }
}

extension VendorAPI {
    func check(_ request: VendorRequest) {}

    /// The key after `Bearer`, if there is one.
    func bearer(in request: VendorRequest) -> String? {
        request.headers["authorization"].flatMap { value in
            value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7)) : nil
        }
    }
}
