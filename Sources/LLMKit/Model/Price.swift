/// What a model charges: rates per token class, higher rates for long prompts, and other service tiers.
///
/// A rate that nobody knows is `nil`, and so is then the cost of a call that needs it: unknown is never zero.
public struct Price: Hashable, Sendable {
    /// Picodollars per token of each class.
    ///
    /// One dollar per million tokens is 1 000 000 picodollars per token.
    package struct Rates: Hashable, Sendable {
        package var input: Int64?
        package var cacheRead: Int64?
        package var cacheWrite5m: Int64?
        package var cacheWrite1h: Int64?
        package var output: Int64?
        /// Reasoning tokens, where they cost something else than ``output``.
        package var reasoning: Int64?

        package init(
            input: Int64?,
            cacheRead: Int64? = nil,
            cacheWrite5m: Int64? = nil,
            cacheWrite1h: Int64? = nil,
            output: Int64?,
            reasoning: Int64? = nil
        ) {
            self.input = input
            self.cacheRead = cacheRead
            self.cacheWrite5m = cacheWrite5m
            self.cacheWrite1h = cacheWrite1h
            self.output = output
            self.reasoning = reasoning
        }

        /// The same rates, and zero for what is not given if neither input nor output costs anything: nobody who gives
        /// the tokens away sells the cached ones.
        package var freeThroughout: Rates {
            guard input == 0, output == 0 else { return self }
            var rates = self
            rates.cacheRead = cacheRead ?? 0
            rates.cacheWrite5m = cacheWrite5m ?? 0
            rates.cacheWrite1h = cacheWrite1h ?? 0
            return rates
        }

        /// Whether no class costs anything.
        var isFree: Bool {
            [input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning ?? 0].allSatisfy { $0 == 0 }
        }
    }

    /// The rates of prompts with more than ``threshold`` tokens.
    ///
    /// They hold for the whole call, output included.
    package struct Tier: Hashable, Sendable {
        /// Total input tokens (cached ones included) that must be *exceeded*. Of a vendor that charges more for a prompt
        /// that *reaches* 200,000 tokens it is 199,999.
        package var threshold: Int
        package var rates: Rates

        package init(above threshold: Int, rates: Rates) {
            self.threshold = threshold
            self.rates = rates
        }
    }

    package var rates: Rates
    /// In order of rising thresholds.
    package var tiers: [Tier]
    /// Rates of other service tiers, such as ``ServiceTier/batch``.
    package var services: [ServiceTier: Rates]
    /// The higher rates of long prompts in other service tiers, in order of rising thresholds.
    ///
    /// Where ``tiers`` raises the standard rates of a prompt and nothing is said here, the cost of such a call is
    /// unknown.
    package var serviceTiers: [ServiceTier: [Tier]]
    /// What processing in one region multiplies the whole bill by, in thousandths: `["eu": 1100]` for ten per cent more.
    package var regions: [String: Int64]

    package init(
        rates: Rates,
        tiers: [Tier] = [],
        services: [ServiceTier: Rates] = [:],
        serviceTiers: [ServiceTier: [Tier]] = [:],
        regions: [String: Int64] = [:]
    ) {
        self.rates = rates
        self.tiers = tiers
        self.services = services
        self.serviceTiers = serviceTiers
        self.regions = regions
    }

    /// A flat price in dollars per million tokens, rounded to the picodollar per token.
    ///
    /// A class that is not given has no known rate, and a call that uses it no known cost, which is told once
    /// (``Pipeline/diagnostics``). A server without a discount on cached input wants the input's rate as `cacheRead`, too.
    /// Where input and output cost nothing, neither does a class that is not given.
    /// - Parameters:
    ///   - input: of input tokens that no cache served, from 0.
    ///   - cacheRead: of input tokens that the vendor's prompt cache served.
    ///   - cacheWrite5m: of input tokens written to that cache for five minutes, or for as long as it likes.
    ///   - cacheWrite1h: of those written to it for an hour.
    ///   - output: of output tokens, thoughts included.
    /// - Returns: the price; one with a rate below zero is refused when a pipeline or a table is made with it.
    public static func perMillion(
        input: Double,
        cacheRead: Double? = nil,
        cacheWrite5m: Double? = nil,
        cacheWrite1h: Double? = nil,
        output: Double
    ) -> Price {
        Price(
            rates: Rates(
                input: perToken(input),
                cacheRead: cacheRead.flatMap(perToken),
                cacheWrite5m: cacheWrite5m.flatMap(perToken),
                cacheWrite1h: cacheWrite1h.flatMap(perToken),
                output: perToken(output)
            )
            .freeThroughout
        )
    }

    /// What a model costs that runs on the app's own machine: nothing, whatever it calls its service tier.
    public static let free = Price.perMillion(input: 0, output: 0)

    /// The first rate below zero, by its name: no vendor pays for calls, so it is a slip of whoever wrote the price.
    var negativeRate: String? {
        let special = serviceTiers.values.flatMap { $0 }
        for rates in [rates] + (tiers + special).map(\.rates) + services.values {
            let named = [
                ("input", rates.input), ("cacheRead", rates.cacheRead), ("cacheWrite5m", rates.cacheWrite5m),
                ("cacheWrite1h", rates.cacheWrite1h), ("output", rates.output), ("reasoning", rates.reasoning),
            ]
            if let bad = named.first(where: { $0.1.map { $0 < 0 } ?? false }) { return bad.0 }
        }
        return nil
    }

    private static func perToken(_ dollarsPerMillion: Double) -> Int64? {
        Int64(exactly: (dollarsPerMillion * 1e6).rounded())
    }
}
