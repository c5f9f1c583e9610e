extension Pipeline {
    /// Checks that every setting can take effect. Runs at assembly; run it again after changing a copy.
    ///
    /// - Throws: ``LLMError`` that names the setting. With code `no_such_model`: a route to an unknown model. With code
    ///   `invalid_configuration`: no models, a name used twice, a negative price, an empty route, a threshold outside
    ///   0...1 or on a tier that is never judged, a signal that a judged model cannot serve, a baseline without a price, a
    ///   nested pipeline that records into the same meter, or what a provider, cache or signal finds wrong with itself.
    public func validate() throws(LLMError) {
        guard !models.isEmpty else { throw .configuration("the pipeline has no models; list at least one") }
        guard maxAttempts >= 1 else {
            throw .configuration("maxAttempts is \(maxAttempts); a request needs at least one attempt")
        }
        guard maxSideAttempts >= 0 else {
            throw .configuration("maxSideAttempts is \(maxSideAttempts); use 0 or more")
        }
        try callerInSpans.validate()
        try checkModels()
        try confidence.validate()
        for cache in caches { try cache.validate() }
        for route in router.knownRoutes {
            try check(route)
            try checkSignal(on: route)
        }
        if let baseline {
            guard let entry = table[baseline] else {
                throw .configuration("the baseline '\(baseline)' is not a model of the pipeline (\(modelNames))")
            }
            guard entry.price(at: time.date) != nil else {
                throw .configuration(
                    "the baseline '\(baseline)' has no known price, so no saving can be computed; give its ChatModel a price"
                )
            }
        }
    }

    private func checkModels() throws(LLMError) {
        var seen: Set<ModelName> = []
        for model in models {
            guard seen.insert(model.name).inserted else {
                throw .configuration("two models are called '\(model.name)'; names must differ")
            }
            if let rate = model.price?.negativeRate {
                throw .configuration("the price of '\(model.name)' has a negative \(rate) rate")
            }
            if !model.provider.info.meters.isDisjoint(with: meter.identities) {
                throw .configuration(
                    "'\(model.name)' is a pipeline that records into the same meter, so its calls would count twice; "
                        + "give one of the two the meter .none"
                )
            }
            do throws(LLMError) { try model.provider.validate() } catch {
                var error = error
                error.message = "'\(model.name)': \(error.message)"
                throw error
            }
        }
    }

    /// A signal that needs what a judged model cannot give would escalate every request, silently.
    private func checkSignal(on route: Route) throws(LLMError) {
        for tier in route.tiers.dropLast() where tier.threshold != nil {
            for name in tier.models {
                let missing = confidence.requiredCapabilities.subtracting(table[name]?.info.capabilities ?? [])
                guard missing.isEmpty else {
                    throw .configuration(
                        "the confidence signal needs \(missing.inWords), which '\(name)' cannot give; "
                            + "choose another signal, such as .selfReport or .sampleAgreement(), or another model"
                    )
                }
            }
        }
    }

    /// Checks a route against the pipeline's models: at assembly where it is known, else when the router returns it.
    func check(_ route: Route) throws(LLMError) {
        let name = route.label.map { "the route '\($0)'" } ?? "the route"
        guard !route.tiers.isEmpty else { throw .configuration("\(name) is empty; it needs at least one tier") }
        for (index, tier) in route.tiers.enumerated() {
            guard !tier.models.isEmpty else { throw .configuration("tier \(index) of \(name) has no models") }
            for model in tier.models where table[model] == nil { throw .unknownModel(model, in: name, modelNames) }
            guard let threshold = tier.threshold else { continue }
            guard (0...1).contains(threshold) else {
                throw .configuration("tier \(index) of \(name) has the threshold \(threshold); it must be within 0...1")
            }
            guard index < route.tiers.count - 1 else {
                throw .configuration(
                    "the last tier of \(name) has a threshold, but there is no tier left to escalate to"
                )
            }
        }
        for model in route.shadows where table[model] == nil { throw .unknownModel(model, in: name, modelNames) }
    }

    private var modelNames: String { models.map(\.name.description).joined(separator: ", ") }
}

extension LLMError {
    static func configuration(_ message: String) -> LLMError { LLMError(.invalidConfiguration, message) }

    fileprivate static func unknownModel(_ model: ModelName, in route: String, _ known: String) -> LLMError {
        LLMError(.noSuchModel, "\(route) names '\(model)', which is not a model of the pipeline (\(known))")
    }
}
