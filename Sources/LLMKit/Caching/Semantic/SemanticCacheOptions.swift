/// What a ``SemanticCache`` may do, and how much it may keep.
public struct SemanticCacheOptions: Sendable {
    /// What becomes of a good match.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Its answer is served.
        case serve
        /// The model is asked all the same, and its answer compared with what would have been served: for measuring
        /// before anything is served.
        case shadow
    }

    /// Who may share answers.
    public enum Isolation: String, Hashable, Sendable, CaseIterable {
        /// All users of a tenant.
        case tenant
        /// Nobody: each user only ever gets answers that this user got before. Requests without a user are left alone.
        case user
    }

    public var mode = Mode.serve
    public var isolation = Isolation.tenant
    /// What tells questions apart although they are alike; a policy may weigh it, and ``SemanticCache`` lets no match pass
    /// that one of these objects to.
    public var guards = MatchGuards.all
    /// How many user turns, from the last back, are compared by meaning, from 1; earlier turns must be the same, word for
    /// word.
    public var window = 1
    /// Requests with a higher temperature want variety, and are left alone. Without a temperature, a request is served.
    public var highestTemperature = 1.0
    /// How much memory questions, vectors and answers may take together, about; in a file, about as much disk.
    public var bytes = 256 << 20
    /// How long an answer may be used; `nil` for as long as there is room.
    public var ttl: Duration?
    /// Who makes room.
    public var eviction = EvictionPolicy.leastValuable
    /// What to keep beyond complete texts.
    public var admission: CacheAdmission = []
    /// How vectors are kept: half the memory costs three digits of the cosine.
    public var precision = VectorPrecision.f32
    /// Whether a question waits for the answer to one in flight that is close enough, instead of asking the model again.
    ///
    /// Nobody waits for a stream, which ends when its reader pleases.
    package var sharesFlights = true
    /// Tells which answers say the same: policies take neighbours with the same answer for witnesses of each other.
    public var answers = AnswerIdentity.automatic
    /// Tells whether a fresh answer says the same as a remembered one, when a decision is checked.
    public var judge: any AnswerJudge = .automatic

    /// Writes matches that were checked to a file, for people to judge; `nil` for none.
    public var review: ReviewQueue?

    public init() {}

    /// Puts in for what is left to the cache what suits its policy and its embedder.
    mutating func settle(for policy: some HitPolicy, _ embedder: some Embedder) {
        if answers.isAutomatic { answers = policy.neighbours > 1 ? .alike(tellsApart: Self.tellsApart) : .text }
        if (judge as? BuiltInJudge)?.isAutomatic == true { judge = .sameMeaning(embedder, atLeast: 0.8) }
    }

    private static func tellsApart(_ fresh: String, _ known: String) -> Bool {
        !TextTraits(fresh).conflicts(with: TextTraits(known)).isDisjoint(with: [.numbers, .negation])
    }

    func validate() throws(LLMError) {
        try checkCacheLimits(bytes: bytes, ttl: ttl)
        try answers.validate()
        guard window >= 1 else {
            throw .configuration("the semantic cache compares a window of \(window) turns; it needs at least one")
        }
        guard highestTemperature >= 0 else {
            throw .configuration(
                "the semantic cache serves temperatures up to \(highestTemperature), which is none; set it to 0 or above"
            )
        }
    }
}
