import ExampleSupport
import LLMKit
import PortableFoundation
import SimulatedVendors

/// Whom the questions go to: a cheap and a strong model, and a way to tell when the cheap one is not good enough.
struct Backend {
    static let cheapName: ModelName = "cheap"
    static let strongName: ModelName = "strong"

    var cheap: ChatModel
    var strong: ChatModel
    var signal: any ConfidenceSignal
    /// What the signal is called in reports.
    var signalName: String
    var threshold: Double
    /// Who answers, in a sentence.
    var description: String
    var simulation: Simulation?

    /// The vendors' ids of the models, for people.
    var cheapID: String { cheap.provider.info.modelID ?? cheap.name.description }
    var strongID: String { strong.provider.info.modelID ?? strong.name.description }

    /// The model that savings are counted against; none where nobody knows what it costs.
    var baseline: ModelName? {
        let price = PriceTable.builtIn.price(for: strong.provider.info, served: nil, at: Date())
        return price == nil ? nil : strong.name
    }

    /// Chooses by what is set in the environment; without any key, or offline, the vendors are simulated.
    init(_ options: Options, environment: [String: String]) throws {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let openAIKey = value("OPENAI_API_KEY").map(APIKey.value)
        let anthropicKey = value("ANTHROPIC_API_KEY").map(APIKey.value)
        if options.isOffline {
            try self.init(simulated: options)
        } else if let url = value("LLMKIT_BASE_URL") {
            guard let model = value("LLMKIT_MODEL") else {
                throw Arguments.Mistake(
                    "LLMKIT_BASE_URL is set; set LLMKIT_MODEL to one of that endpoint's models, too"
                )
            }
            let strong = value("LLMKIT_STRONG_MODEL") ?? model
            let key = value("LLMKIT_API_KEY").map(APIKey.value)
            self.init(
                cheap: .openAICompatible(model, at: url, key: key),
                strong: .openAICompatible(strong, at: url, key: key),
                description: "Asked at LLMKIT_BASE_URL."
            )
        } else if let openAIKey, let anthropicKey {
            self.init(
                cheap: .openAI("gpt-4o-mini", key: openAIKey),
                strong: .anthropic("claude-sonnet-5-5", key: anthropicKey),
                description: "Asked at OpenAI and Anthropic."
            )
        } else if let openAIKey {
            self.init(
                cheap: .openAI("gpt-4o-mini", key: openAIKey),
                strong: .openAI("gpt-4.1", key: openAIKey),
                description: "Asked at OpenAI."
            )
        } else if let anthropicKey {
            self.init(
                cheap: .anthropic("claude-haiku-5-5", key: anthropicKey),
                strong: .anthropic("claude-sonnet-5-5", key: anthropicKey),
                description: "Asked at Anthropic."
            )
            // Anthropic reports no log-probabilities, so the model is asked how sure it is.
            signal = .selfReport(temperature: nil)
            signalName = "the model's own word"
        } else {
            try self.init(simulated: options)
        }
    }

    private init(simulated options: Options) throws {
        let simulation = try Simulation(seed: UInt64(options.seed), faults: .occasional)
        self.init(
            cheap: OpenAIProvider(model: "gpt-4o-mini", key: .value(simulation.key), baseURL: simulation.openAIAddress),
            strong: AnthropicProvider(
                model: "claude-sonnet-5-5",
                key: .value(simulation.key),
                baseURL: simulation.anthropicAddress
            ),
            description: "The vendors are simulated; prices are the list prices of the models they imitate."
        )
        self.simulation = simulation
    }

    private init(cheap: some ModelProvider, strong: some ModelProvider, description: String) {
        self.cheap = ChatModel(Self.cheapName, cheap.retrying())
        self.strong = ChatModel(
            Self.strongName,
            strong.retrying().timeouts(firstToken: .seconds(20), total: .seconds(60))
        )
        self.description = description
        signal = .logProbabilities
        signalName = "log-probabilities"
        threshold = 0.8
    }
}
