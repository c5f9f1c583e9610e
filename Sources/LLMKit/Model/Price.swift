/// What a model charges: rates per token class, higher rates for long prompts, and other service tiers.
///
/// A rate that nobody knows is `nil`, and so is then the cost of a call that needs it: unknown is never zero.
public struct Price: Hashable, Sendable {
    /// Picodollars per token of each class. One dollar per million tokens is 1 000 000 picodollars per token.
    public struct Rates: Hashable, Sendable {
        public var input: Int64?
        public var cacheRead: Int64?
        public var cacheWrite5m: Int64?
        public var cacheWrite1h: Int64?
        public var output: Int64?
        /// Reasoning tokens, where they cost something else than ``output``.
        public var reasoning: Int64?

        public init(
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
    }

    /// The rates of prompts with more than ``threshold`` tokens. They hold for the whole call, output included.
    public struct Tier: Hashable, Sendable {
        /// Total input tokens (cached ones included) that must be *exceeded*.
        public var threshold: Int
        public var rates: Rates

        public init(above threshold: Int, rates: Rates) {
            self.threshold = threshold
            self.rates = rates
        }
    }

    public var rates: Rates
    /// In order of rising thresholds.
    public var tiers: [Tier]
    /// Rates of other service tiers, such as ``ServiceTier/batch``.
    public var services: [ServiceTier: Rates]

    public init(rates: Rates, tiers: [Tier] = [], services: [ServiceTier: Rates] = [:]) {
        self.rates = rates
        self.tiers = tiers
        self.services = services
    }

    /// A flat price in dollars per million tokens, rounded to the picodollar per token.
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
        )
    }

    /// What a model costs that runs on the app's own machine.
    public static let free = Price.perMillion(input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0)

    /// The exact cost of a call, or `nil` if a rate it needs is unknown.
    ///
    /// `cost = input·P_in + cacheRead·P_read + write5m·P_w5 + write1h·P_w1h + (output − reasoning)·P_out + reasoning·P_reason`
    public func cost(of usage: Usage, service: ServiceTier = .standard) -> Money? {
        let rates: Rates
        if service == .standard {
            let prompt = usage.totalInput
            rates = tiers.last { prompt > $0.threshold }?.rates ?? self.rates
        } else if let special = services[service] {
            rates = special
        } else {
            return nil
        }
        var sum: Int128 = 0
        let reasoning = rates.reasoning == nil ? 0 : usage.reasoning
        let classes = [
            (usage.input, rates.input), (usage.cacheRead, rates.cacheRead), (usage.cacheWrite5m, rates.cacheWrite5m),
            (usage.cacheWrite1h, rates.cacheWrite1h), (usage.output - reasoning, rates.output),
            (reasoning, rates.reasoning),
        ]
        for (tokens, rate) in classes where tokens != 0 {
            guard let rate else { return nil }
            sum += Int128(tokens) * Int128(rate)
        }
        return Money(picodollars: sum)
    }

    /// The first rate below zero, by its name: no vendor pays for calls, so it is a slip of whoever wrote the price.
    var negativeRate: String? {
        for rates in [rates] + tiers.map(\.rates) + services.values {
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

/// How urgently a vendor serves a call; each way has its own price. An open set.
public struct ServiceTier: Hashable, Sendable, Codable, CustomStringConvertible {
    public let description: String
    public init(_ name: String) { description = name }

    public static let standard = ServiceTier("standard")
    public static let batch = ServiceTier("batch")
    public static let flex = ServiceTier("flex")
    public static let priority = ServiceTier("priority")
}
