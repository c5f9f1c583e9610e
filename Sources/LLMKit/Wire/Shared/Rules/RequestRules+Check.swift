extension RequestRules {
    /// The first thing for which the vendor would refuse a request.
    package func problem(in request: ChatRequest, _ setting: RequestSetting) -> RequestProblem? {
        problem(inMessages: request.messages) ?? problem(inTools: request.tools)
            ?? problem(inFormat: request, setting) ?? problem(inSampling: request, setting)
    }

    private func problem(inMessages messages: [ChatMessage]) -> RequestProblem? {
        if blanks != .kept {
            for (index, message) in messages.enumerated() {
                if let problem = problem(in: message, at: index, isLast: index == messages.count - 1) { return problem }
            }
        }
        if !takesTrailingSpace, let last = messages.last(where: { $0.role != .system }), last.role == .assistant,
            case .text(let text)? = last.parts.last, text.endsInSpace
        {
            return .trailingSpace
        }
        return CallIDs.problem(in: messages, callIDs) ?? pairing?.problem(in: messages)
    }

    private func problem(in message: ChatMessage, at index: Int, isLast: Bool) -> RequestProblem? {
        if blanks == .noEmptyMessages { return message.isEmpty ? .emptyMessage(at: index) : nil }
        if message.parts.isEmpty, !isLast || message.role != .assistant { return .emptyMessage(at: index) }
        for case .text(let text) in message.parts where text.isBlank { return .blankText(at: index) }
        return nil
    }

    private func problem(inTools tools: [Tool]) -> RequestProblem? {
        var names: Set<String> = []
        for (index, tool) in tools.enumerated() {
            if let nameLength, !tool.name.isName(upTo: nameLength) { return .toolName(at: index) }
            if hasUniqueToolNames, tools.count > 1, !names.insert(tool.name).inserted {
                return .repeatedToolName(at: index)
            }
            let schema = tool.parameters.json
            let problem = ArgumentSchema.problem(
                in: schema,
                refusing: refusedAtArgumentRoot,
                needsProperties: needsArgumentProperties
            )
            if let problem { return .argumentSchema(problem, at: index) }
            guard tool.isStrict == true, let problem = strictSchemas?.problems(in: schema).first else { continue }
            return .strictTool(problem, at: index)
        }
        return nil
    }

    private func problem(inFormat request: ChatRequest, _ setting: RequestSetting) -> RequestProblem? {
        switch request.responseFormat {
        case .text: return nil
        case .json:
            let says = { (message: ChatMessage) in message.text.lowercased().contains("json") }
            return needsWordJSON && !request.messages.contains(where: says) ? .noWordJSON : nil
        case .jsonSchema(let schema):
            if let nameLength, !schema.name.isName(upTo: nameLength) { return .schemaName }
            guard let strictSchemas, setting.isAnswerStrict || !takesLooseAnswerSchemas else {
                let isObject = schema.json.description.utf8.first { $0 > 0x20 } == UInt8(ascii: "{")
                return isObject ? nil : .answerSchema(StrictSchemaProblem(kind: .noSchema, place: []))
            }
            return strictSchemas.problems(in: schema.json).first.map { .answerSchema($0) }
        }
    }

    private func problem(inSampling request: ChatRequest, _ setting: RequestSetting) -> RequestProblem? {
        let sampling = request.sampling
        if sampling.stop.count > stopLimit { return .stopCount }
        if !takesBlankStops, sampling.stop.contains(where: \.isBlank) { return .blankStop }
        if let value = sampling.temperature, !temperatures.contains(value) { return .parameter(.temperature) }
        if !takesTopPBesideTemperature, sampling.temperature != nil, sampling.topP != nil { return .parameter(.topP) }
        if let parameter = models.first(where: { $0.fits(setting.model) })?.problem(in: request) {
            return .parameter(parameter)
        }
        return thinking?.problem(in: request, setting)
    }
}

extension String {
    /// Whether there is nothing but white space.
    var isBlank: Bool { !contains { !$0.isWhitespace } }

    var endsInSpace: Bool { last?.isWhitespace ?? false }
}

extension ChatMessage {
    /// Whether nothing is in it that a vendor would call content.
    var isEmpty: Bool {
        parts.allSatisfy { part in
            switch part {
            case .text(let text): text.isEmpty
            case .thinking: true
            case .image, .toolCall, .toolResult, .vendor: false
            }
        }
    }
}
