/// How likely the model found one token it wrote.
public struct TokenLogProbability: Hashable, Sendable, Codable {
    public var token: String
    /// Natural logarithm of the probability: 0 is certain, -0.69 is one in two.
    public var logProbability: Double
    /// The most likely tokens at this place, if asked for.
    public var top: [Alternative]

    /// A token that could have stood at the same place.
    public struct Alternative: Hashable, Sendable, Codable {
        public var token: String
        public var logProbability: Double

        public init(_ token: String, _ logProbability: Double) {
            self.token = token
            self.logProbability = logProbability
        }
    }

    public init(_ token: String, _ logProbability: Double, top: [Alternative] = []) {
        self.token = token
        self.logProbability = logProbability
        self.top = top
    }
}
