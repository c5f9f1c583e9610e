extension RequestRules {
    /// Makes a request right where the vendor would refuse it as it stands.
    ///
    /// Nothing is copied of a request that is right.
    /// - Parameters:
    ///   - setting: what stands beside the request; changed where that is what is made right.
    ///   - losses: told what had to give way.
    /// - Returns: the request to send instead; `nil` for the one that was given.
    /// - Throws: ``LLMError`` with code `invalidRequest` or `unsupported` if the vendor would still refuse it.
    func mended(
        _ request: ChatRequest,
        _ setting: inout RequestSetting,
        vendor: String,
        losses: inout RequestLosses
    ) throws(LLMError) -> ChatRequest? {
        guard problem(in: request, setting) != nil else { return nil }
        // Nothing mends these, and here the ids are still those that the app knows.
        if let problem = pairing?.problem(in: request.messages) { throw problem.error(vendor, request) }
        var mended = request
        mendMessages(&mended.messages)
        mendTools(&mended.tools, &losses)
        mendFormat(&mended.responseFormat, &setting, &losses)
        mendSampling(&mended, setting, &losses)
        thinking?.mend(&mended, &setting, &losses)
        if let problem = problem(in: mended, setting) { throw problem.error(vendor, mended) }
        return mended
    }

    private func mendMessages(_ messages: inout [ChatMessage]) {
        switch blanks {
        case .kept: break
        case .noEmptyMessages: messages.removeAll(where: \.isEmpty)
        case .noBlankTexts:
            for index in messages.indices {
                messages[index].parts.removeAll { if case .text(let text) = $0 { text.isBlank } else { false } }
            }
            messages.removeAll(where: \.parts.isEmpty)
        }
        if !takesTrailingSpace, let index = messages.lastIndex(where: { $0.role != .system }),
            messages[index].role == .assistant, let part = messages[index].parts.indices.last,
            case .text(var text) = messages[index].parts[part]
        {
            while text.endsInSpace { text.removeLast() }
            messages[index].parts[part] = .text(text)
        }
        CallIDs.mend(&messages, callIDs)
    }

    private func mendTools(_ tools: inout [Tool], _ losses: inout RequestLosses) {
        for index in tools.indices {
            let schema = tools[index].parameters.json
            if ArgumentSchema.problem(in: schema, needsProperties: needsArgumentProperties) == .incomplete {
                tools[index].parameters.json = ArgumentSchema.completed(schema)
            }
            guard tools[index].isStrict == true, let strictSchemas else { continue }
            guard let strict = strictSchemas.mended(tools[index].parameters.json) else {
                tools[index].isStrict = false
                losses.insert(.toolStrictness)
                continue
            }
            tools[index].parameters.json = strict.schema
            if strict.isLossy { losses.insert(.schemaBounds) }
        }
    }

    private func mendFormat(
        _ format: inout ResponseFormat,
        _ setting: inout RequestSetting,
        _ losses: inout RequestLosses
    ) {
        guard case .jsonSchema(var schema) = format else { return }
        if let nameLength, !schema.name.isEmpty {
            // The name is the vendor's label of it and nothing more.
            let isFine = { (scalar: Unicode.Scalar) in String(scalar).isName(upTo: 1) }
            schema.name = String(schema.name.unicodeScalars.prefix(nameLength).map { isFine($0) ? Character($0) : "_" })
        }
        if schema.json.description == "true" { schema.json = JSONText(validated: "{}") }
        if let strictSchemas, setting.isAnswerStrict {
            if let strict = strictSchemas.mended(schema.json) {
                schema.json = strict.schema
                if strict.isLossy { losses.insert(.schemaBounds) }
            } else if takesLooseAnswerSchemas {
                setting.isAnswerStrict = false
                losses.insert(.answerStrictness)
            }
        }
        format = .jsonSchema(schema)
    }

    private func mendSampling(
        _ request: inout ChatRequest,
        _ setting: RequestSetting,
        _ losses: inout RequestLosses
    ) {
        if !takesBlankStops, request.sampling.stop.contains(where: \.isBlank) {
            request.sampling.stop.removeAll(where: \.isBlank)
            losses.leaveOut(.stop)
        }
        if let value = request.sampling.temperature, !temperatures.contains(value) {
            request.sampling.temperature = min(max(value, temperatures.lowerBound), temperatures.upperBound)
            losses.leaveOut(.temperature)
        }
        if !takesTopPBesideTemperature, request.sampling.temperature != nil, request.sampling.topP != nil {
            request.sampling.topP = nil
            losses.leaveOut(.topP)
        }
        guard let rule = models.first(where: { $0.fits(setting.model) }) else { return }
        while let parameter = rule.problem(in: request) {
            losses.leaveOut(parameter)
            switch parameter {
            case .temperature: request.sampling.temperature = nil
            case .topP: request.sampling.topP = nil
            case .stop: request.sampling.stop = []
            case .logProbabilities: request.sampling.logProbabilities = nil
            case .seed: request.sampling.seed = nil
            case .reasoningEffort: request.reasoningEffort = nil
            case .parallelToolCalls: request.allowsParallelToolCalls = nil
            }
        }
    }
}
