public import PortableFoundation

/// The bill of one upstream attempt, or of one cache hit: a row of the ledger.
///
/// Holds no prompt and no answer.
public struct Charge: Sendable {
    /// What the money counts as.
    public enum Kind: String, Sendable, CaseIterable {
        /// Its answer went to the caller.
        case answer
        /// Its answer was thrown away, because a cascade was not sure of it, or another was there first.
        case rejected
        /// It failed, or the caller left.
        case failed
        /// It helped to choose the route.
        case routing
        /// It helped to judge another answer.
        case confidence
        /// It was a copy for comparison, and not the caller's.
        case shadow
        /// It turned a question into a vector, for a semantic cache.
        case embedding
        /// It told whether a remembered answer would have been right.
        case check
        /// No call was made: a cache answered.
        case cacheHit = "cache_hit"

        /// What attempts of this kind contribute to.
        var role: Purpose.Role {
            switch self {
            case .answer, .rejected, .failed, .cacheHit: .answer
            case .routing: .routing
            case .confidence: .confidence
            case .shadow: .shadow
            case .check: .check
            case .embedding: .embedding
            }
        }
    }

    /// When the attempt began.
    public var date: Date
    public var requestID: RequestID
    public var reservation: Reservation?
    public var caller: Caller
    public var kind: Kind
    /// Why the upstream was asked; `nil` where none was.
    public var purpose: Purpose?
    /// Which attempt of its model call it was, from 1; 0 where no upstream was asked.
    public var ordinal: Int
    /// Who was asked; `nil` where nobody was.
    public var upstream: Upstream?
    /// Whether the request left this machine: what did not is free.
    public var isSent: Bool
    /// The label of the route.
    public var route: String?
    /// Why the route was chosen.
    public var routeReason: RouteReason?
    /// Which tier of the route asked, from 0; `nil` outside of tiers.
    public var tier: Int?
    public var model: ModelName
    public var vendor: String
    /// The vendor's model id that was asked for.
    public var modelAsked: String?
    /// The vendor's model id that answered.
    public var modelServed: String?
    public var serviceTier: ServiceTier
    public var usage: Usage
    /// What is owed to the vendor; `nil` if a price is unknown.
    public var cost: Money?
    /// What the caller's answer would have cost without LLMKit, and where the difference comes from.
    ///
    /// Only for answers that reached the caller.
    public var savings: Savings?
    /// The cache that answered.
    public var cache: CacheHit.Source?
    /// Which entry of a semantic cache answered, and why it was thought good enough.
    public var match: SemanticMatch?
    public var finish: FinishReason?
    public var errorCode: LLMError.Code?
    /// The vendor's id of the request.
    public var vendorRequestID: String?
    /// The vendor's id of the answer. Goes to traces only.
    public var responseID: String?
    public var confidence: Double?
    /// The parts of that confidence, and which of them failed.
    public var judgement: Confidence?
    /// What of the request the vendor could not express: see ``ChatResponse/losses``.
    public var losses: [String]
    /// Which price was applied: the date of the price table, or `model` for a price of the model's own.
    public var priceVersion: String?
    /// Whether the answer was read as it came, so that it has a first token.
    ///
    /// Answers of tiers that are judged before anybody sees them are waited for as a whole, and those of caches are there at
    /// once: neither is streamed, whatever the caller asked for.
    public var isStreamed: Bool
    public var timing: Timing

    package init(date: Date, requestID: RequestID, caller: Caller, kind: Kind, model: ModelName, vendor: String) {
        self.date = date
        self.requestID = requestID
        self.caller = caller
        self.kind = kind
        self.model = model
        self.vendor = vendor
        self.serviceTier = .standard
        self.usage = Usage()
        self.ordinal = 0
        self.isSent = false
        self.losses = []
        self.isStreamed = false
        self.timing = Timing()
    }
}
