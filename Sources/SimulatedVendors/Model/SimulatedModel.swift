/// One model of a simulated vendor: how good it is, how fast, and what it can take.
struct SimulatedModel: Sendable {
    var id: String
    /// The dated id that answers carry, as real vendors' do.
    var servedID: String
    /// How well it understands questions, 0 to 1: a weak model is unsure where a question is long, negated or close to
    /// several facts.
    var skill: Double
    /// Until the first token, in milliseconds.
    var firstToken: ClosedRange<Double>
    /// Between two tokens, in milliseconds.
    var perToken: Double
    var contextWindow: Int
    /// The most tokens that an answer may have.
    var maxOutput: Int
    /// The shortest prefix that the prompt cache keeps, in tokens.
    var cacheMinimum: Int

    static let openAI = [
        SimulatedModel(
            id: "gpt-4o-mini",
            servedID: "gpt-4o-mini-2024-07-18",
            skill: 0.5,
            firstToken: 6...18,
            perToken: 0.2,
            contextWindow: 128_000,
            maxOutput: 16_384,
            cacheMinimum: 1024
        ),
        SimulatedModel(
            id: "gpt-4.1",
            servedID: "gpt-4.1-2025-04-14",
            skill: 0.95,
            firstToken: 20...55,
            perToken: 0.5,
            contextWindow: 1_047_576,
            maxOutput: 32_768,
            cacheMinimum: 1024
        ),
    ]

    static let anthropic = [
        SimulatedModel(
            id: "claude-haiku-5-5",
            servedID: "claude-haiku-5-5",
            skill: 0.55,
            firstToken: 8...20,
            perToken: 0.2,
            contextWindow: 1_000_000,
            maxOutput: 128_000,
            cacheMinimum: 512
        ),
        SimulatedModel(
            id: "claude-sonnet-5-5",
            servedID: "claude-sonnet-5-5",
            skill: 0.98,
            firstToken: 25...70,
            perToken: 0.5,
            contextWindow: 1_000_000,
            maxOutput: 128_000,
            cacheMinimum: 512
        ),
    ]
}
