/// What a vendor refuses although it is well-formed, as data: one value for each dialect, in one table.
///
/// Requests are made right by the same rules where that keeps what they ask for, and refused before they are sent where it
/// does not. Make-believe vendors check by them too.
package struct RequestRules: Hashable, Sendable {
    var callIDs = CallIDRule()
    /// `nil` if calls and results may stand anywhere.
    var pairing: CallPairing?
    var blanks = BlankRule.kept
    /// Whether a system message alone is answered; where it stands apart from the conversation, nothing is left.
    var takesSystemAlone = true
    /// Whether an answer that the model shall go on from may end in white space.
    var takesTrailingSpace = true
    /// Whether the content of a message that only calls tools may be `null`.
    var takesNullContent = true
    /// How long the names of tools and schemas may be; `nil` if any name will do.
    package var nameLength: Int?
    var hasUniqueToolNames = false
    /// Whether the schema of a tool's arguments must have `properties`, be there none.
    var needsArgumentProperties = false
    /// What may not stand at the root of the schema of a tool's arguments.
    var refusedAtArgumentRoot: Set<String> = []
    /// What schemas that bind the model must be like; `nil` if any will do.
    var strictSchemas: StrictSchemaRules?
    /// Whether there are also schemas that are only a wish.
    var takesLooseAnswerSchemas = true
    var stopLimit = Int.max
    var takesBlankStops = true
    /// Whether a message must say "JSON" where free JSON is asked for.
    var needsWordJSON = false
    var temperatures = 0.0...2.0
    var takesTopPBesideTemperature = true
    /// What excludes thinking; `nil` if nothing does.
    var thinking: ThinkingRules?
    /// Models that do not take all parameters. The first whose name fits counts.
    var models: [ModelRule] = []

    /// What texts may be blank.
    enum BlankRule: Hashable, Sendable {
        case kept
        /// Each message must have content.
        case noEmptyMessages
        /// Each text must have more than white space.
        case noBlankTexts
    }
}

/// What stands beside a ``ChatRequest`` in the body.
package struct RequestSetting: Hashable, Sendable {
    package var model: String
    /// How the model thinks; `nil` leaves it to the model.
    package var thinking: AnthropicThinking?
    /// The most tokens of output, where the request sets no limit.
    package var outputLimit: Int?
    /// Whether the answer's schema binds the model.
    package var isAnswerStrict = true

    package init(
        model: String,
        thinking: AnthropicThinking? = nil,
        outputLimit: Int? = nil,
        isAnswerStrict: Bool = true
    ) {
        self.model = model
        self.thinking = thinking
        self.outputLimit = outputLimit
        self.isAnswerStrict = isAnswerStrict
    }

    var isThinking: Bool {
        switch thinking {
        case .adaptive, .budget: true
        case .disabled, nil: false
        }
    }
}
