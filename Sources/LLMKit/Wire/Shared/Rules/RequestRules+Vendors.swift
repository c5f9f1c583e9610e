/// The table: what each vendor refuses. Where it is not known, an entry takes what it is given.
extension RequestRules {
    /// Any server. Schemas bind only if OpenAI's rules let them, which many follow.
    static let compatible = RequestRules(strictSchemas: .openAI)

    package static let openAI = RequestRules(
        callIDs: CallIDRule(lengths: 1...40),
        pairing: .messages,
        nameLength: 64,
        needsArgumentProperties: true,
        refusedAtArgumentRoot: ["oneOf", "anyOf", "allOf", "enum", "not"],
        strictSchemas: .openAI,
        stopLimit: 4,
        needsWordJSON: true,
        models: ModelRule.openAI
    )

    static let azureOpenAI = openAI.with { $0.strictSchemas = .azureOpenAI }

    static let deepSeek = compatible.with { $0.pairing = .messages }

    static let mistral = compatible.with {
        $0.callIDs = CallIDRule(alphabet: .alphanumeric, lengths: 9...9)
        $0.pairing = .messages
        $0.blanks = .noEmptyMessages
        $0.temperatures = 0...1.5
    }

    static let xAI = compatible.with {
        $0.blanks = .noEmptyMessages
        $0.takesNullContent = false
    }

    /// Passes requests on to vendors with narrower rules than its own.
    static let openRouter = compatible.with { $0.callIDs = CallIDRule(alphabet: .name, lengths: 1...64) }

    /// Servers of one's own, which hold the model to whatever schema they are given.
    static let local = RequestRules(temperatures: 0...Double.greatestFiniteMagnitude)

    package static let anthropic = RequestRules(
        callIDs: CallIDRule(alphabet: .name, isUniqueForever: true),
        pairing: .turns,
        blanks: .noBlankTexts,
        takesSystemAlone: false,
        takesTrailingSpace: false,
        nameLength: 128,
        hasUniqueToolNames: true,
        refusedAtArgumentRoot: ["oneOf", "anyOf", "allOf"],
        strictSchemas: .anthropic,
        takesLooseAnswerSchemas: false,
        takesBlankStops: false,
        temperatures: 0...1,
        takesTopPBesideTemperature: false,
        thinking: ThinkingRules()
    )

    private func with(_ change: (inout RequestRules) -> Void) -> RequestRules {
        var copy = self
        change(&copy)
        return copy
    }
}
