extension Price {
    /// The exact cost of a call, or `nil` if a rate it needs is unknown.
    ///
    /// `cost = input·P_in + cacheRead·P_read + write5m·P_w5 + write1h·P_w1h + (output − reasoning)·P_out + reasoning·P_reason`,
    /// times the factor of the region if the service tier names one. Where that is no whole number of picodollars, it is
    /// rounded to the nearest, once for the whole call. ``free`` costs nothing in every service tier.
    /// - Parameters:
    ///   - usage: the tokens of each class.
    ///   - service: how the vendor says it served the call. A tier may name what was added to it, as Anthropic's answers
    ///     make necessary: `standard+us`, `batch+us`, `standard+fast+us`. What the price does not know has no cost: a
    ///     `standard+web_search` is billed by the search, too.
    public func cost(of usage: Usage, service: ServiceTier = .standard) -> Money? {
        try? bill(usage, service)
    }

    /// Why a call has no known cost, in words that stand behind "the price has"; `nil` if it has one.
    package func gap(in usage: Usage, service: ServiceTier = .standard) -> String? {
        do throws(Gap) {
            _ = try bill(usage, service)
            return nil
        } catch {
            return error.words
        }
    }

    /// What a price would have to know to give a call's cost.
    private struct Gap: Error { var words: String }

    private func bill(_ usage: Usage, _ service: ServiceTier) throws(Gap) -> Money {
        if isFree { return .zero }
        guard let terms = terms(of: service) else {
            throw Gap(words: "no rates for the service tier '\(service.description.prefix(40))'")
        }
        guard let rates = rates(promptTokens: usage.totalInput, service: terms.service) else {
            throw Gap(
                words: "no rates for the service tier '\(service.description.prefix(40))' at this length of prompt"
            )
        }
        let reasoning: Int
        if rates.reasoning != nil {
            reasoning = usage.reasoning
        } else {
            // Reasoning has a rate of its own, only not at this length or in this service: that one is unknown.
            if usage.reasoning != 0, let own = self.rates.reasoning, own != self.rates.output {
                throw Gap(words: "no rate for reasoning (reasoning) in such a call")
            }
            reasoning = 0
        }
        var sum = Money.zero
        func add(_ tokens: Int, _ rate: Int64?, _ what: @autoclosure () -> String) throws(Gap) {
            guard tokens != 0 else { return }
            guard let rate else { throw Gap(words: "no rate for \(what())") }
            sum.addProduct(of: Int64(tokens), and: rate)
        }
        try add(usage.input, rates.input, "input (input)")
        try add(usage.cacheRead, rates.cacheRead, "input read from the vendor's cache (cacheRead, cache_read)")
        try add(
            usage.cacheWrite5m,
            rates.cacheWrite5m,
            "input written to the vendor's cache (cacheWrite5m, cache_write_5m)"
        )
        try add(usage.cacheWrite1h, rates.cacheWrite1h, "input cached for an hour (cacheWrite1h, cache_write_1h)")
        try add(usage.output, rates.output, "output (output)")
        if reasoning != 0 { try add(-reasoning, rates.output, "output (output)") }
        try add(reasoning, rates.reasoning, "reasoning (reasoning)")
        guard let factor = terms.thousandths else { return sum }
        return Money(picodollars: (sum.picodollars * Int128(factor) + 500) / 1000)
    }

    /// Whether nothing is charged for anything: then it does not matter how the server says it served the call.
    private var isFree: Bool {
        rates.isFree && tiers.isEmpty && services.isEmpty && serviceTiers.isEmpty
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
