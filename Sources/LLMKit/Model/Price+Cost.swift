extension Price {
    /// The exact cost of a call, or `nil` if a rate it needs is unknown.
    ///
    /// `cost = input·P_in + cacheRead·P_read + write5m·P_w5 + write1h·P_w1h + (output − reasoning)·P_out + reasoning·P_reason`,
    /// times the factor of the region if the service tier names one. Where that is no whole number of picodollars, it is
    /// rounded to the nearest, once for the whole call.
    /// - Parameters:
    ///   - usage: the tokens of each class.
    ///   - service: how the vendor says it served the call. A tier may name what was added to it, as Anthropic's answers
    ///     make necessary: `standard+us`, `batch+us`, `standard+fast+us`. What the price does not know has no cost: a
    ///     `standard+web_search` is billed by the search, too.
    public func cost(of usage: Usage, service: ServiceTier = .standard) -> Money? {
        guard let terms = terms(of: service),
            let rates = rates(promptTokens: usage.totalInput, service: terms.service)
        else { return nil }
        let reasoning: Int
        if rates.reasoning != nil {
            reasoning = usage.reasoning
        } else {
            // Reasoning has a rate of its own, only not at this length or in this service: that one is unknown.
            if usage.reasoning != 0, let own = self.rates.reasoning, own != self.rates.output { return nil }
            reasoning = 0
        }
        var sum = Money.zero
        func add(_ tokens: Int, _ rate: Int64?) -> Bool {
            guard tokens != 0 else { return true }
            guard let rate else { return false }
            sum.addProduct(of: Int64(tokens), and: rate)
            return true
        }
        let isKnown =
            add(usage.input, rates.input) && add(usage.cacheRead, rates.cacheRead)
            && add(usage.cacheWrite5m, rates.cacheWrite5m) && add(usage.cacheWrite1h, rates.cacheWrite1h)
            && add(usage.output, rates.output) && (reasoning == 0 || add(-reasoning, rates.output))
            && add(reasoning, rates.reasoning)
        guard isKnown else { return nil }
        guard let factor = terms.thousandths else { return sum }
        return Money(picodollars: (sum.picodollars * Int128(factor) + 500) / 1000)
    }

    /// The rates that hold for a call, or `nil` if they are unknown.
    /// - Parameters:
    ///   - promptTokens: all input, cached parts included (``Usage/totalInput``).
    ///   - service: how urgently the vendor served it.
    /// - Returns: the rates of the highest tier that the prompt exceeds.
    package func rates(promptTokens: Int, service: ServiceTier = .standard) -> Rates? {
        let long = tiers.last { promptTokens > $0.threshold }?.rates
        if service == .standard { return long ?? rates }
        if let special = serviceTiers[service]?.last(where: { promptTokens > $0.threshold }) { return special.rates }
        return long == nil ? services[service] : nil
    }

    /// What a service tier's name says, or `nil` if the price does not know something that it names.
    ///
    /// The words after the first are what costs extra: a region that the price has a factor for, or a service such as
    /// `fast` on top of the standard one. A batch that was also fast has no price that anybody publishes.
    private func terms(of tier: ServiceTier) -> (service: ServiceTier, thousandths: Int64?)? {
        guard case .other(let name) = tier else { return (tier, nil) }
        let words = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        var service = ServiceTier(words[0])
        var factor: Int64?
        for word in words.dropFirst() {
            if let region = regions[word], factor == nil {
                factor = region
            } else if service == .standard, services[ServiceTier(word)] != nil {
                service = ServiceTier(word)
            } else {
                return nil
            }
        }
        return (service, factor)
    }
}
