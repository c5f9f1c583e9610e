/// How the model picks its words. Every `nil` leaves the choice to the vendor.
public struct Sampling: Hashable, Sendable, Codable {
    /// 0 (nearly repeatable) to 2; most vendors' default is 1.
    public var temperature: Double?
    /// Nucleus sampling, 0 to 1.
    public var topP: Double?
    /// The most tokens the answer may have, reasoning included.
    public var maxOutputTokens: Int?
    /// Texts before which the answer stops.
    public var stop: [String]
    public var seed: Int?
    public var logProbabilities: LogProbabilities?

    /// A wish for the log-probability of every output token.
    public struct LogProbabilities: Hashable, Sendable, Codable {
        /// How many alternatives to report beside each chosen token, 0 to 20.
        public var top: Int
        public init(top: Int = 0) { self.top = top }
    }

    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        maxOutputTokens: Int? = nil,
        stop: [String] = [],
        seed: Int? = nil,
        logProbabilities: LogProbabilities? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.maxOutputTokens = maxOutputTokens
        self.stop = stop
        self.seed = seed
        self.logProbabilities = logProbabilities
    }
}
