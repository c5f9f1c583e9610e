/// What a pipeline is really set up with, defaults included: for the log when an app starts, and for tests of its set-up.
///
/// ```swift
/// logger.info("\(pipeline.effectiveConfiguration)")
/// ```
///
/// It holds no keys, headers or prompts.
public struct EffectiveConfiguration: Sendable, CustomStringConvertible {
    /// One of the models.
    public struct Model: Sendable {
        public var name: ModelName
        /// Who is asked, at which address.
        public var upstream: Upstream
        /// The types around the provider, from the outermost to the provider itself.
        public var layers: [String]
        /// The clocks of requests that set none, where a `nil` one does not run; `nil` for what keeps its own ways to itself: nested
        /// pipelines, and providers of the app's.
        public var timeouts: Timeouts?
        /// The clock of answers that are not streamed, in place of the one for the first token.
        public var wholeAnswer: Duration?
        /// The proxy's host and port; `nil` for none. Hosts that `no_proxy` names go straight.
        public var proxy: String?
        /// The file of certificates that are trusted; `nil` for the system's.
        public var caBundle: String?
        /// Whether its price is known today, so that its calls have a cost.
        public var hasPrice: Bool
    }

    public var models: [Model]
    public var router: String
    public var confidence: String
    /// In the order in which they are asked.
    public var caches: [String]
    public var meter: String
    public var tracer: String
    public var baseline: ModelName?
    public var maxAttempts: Int
    public var maxSideAttempts: Int
    public var coalescesIdenticalRequests: Bool

    public var description: String {
        let parts = [
            "router: \(router), confidence: \(confidence)",
            "caches: \(caches.isEmpty ? "none" : caches.joined(separator: ", "))", "meter: \(meter), tracer: \(tracer)",
            "baseline: \(baseline?.description ?? "none")",
            "attempts: \(maxAttempts) for an answer, \(maxSideAttempts) beside it",
            "identical requests in flight: \(coalescesIdenticalRequests ? "one asks for all" : "each asks")",
        ]
        return (models.map(\.description) + parts).joined(separator: "\n")
    }
}

extension EffectiveConfiguration.Model: CustomStringConvertible {
    public var description: String {
        let place = upstream.serverAddress.map { " at \($0)\(upstream.serverPort.map { ":\($0)" } ?? "")" } ?? ""
        let price = "price \(hasPrice ? "known" : "unknown")"
        let who =
            "model \(name): \(upstream.vendor) \(upstream.modelID ?? "-")\(place), by \(layers.joined(separator: " over "))"
        guard let timeouts else { return "\(who); clocks, proxy and certificates of its own; \(price)" }
        let clocks: [(String, Duration?)] = [
            ("connect", timeouts.connect), ("first token", timeouts.firstToken), ("idle", timeouts.idle),
            ("total", timeouts.total), ("whole answer", wholeAnswer),
        ]
        let words = clocks.map { name, clock in
            "\(name) \(clock.map { $0 >= Timeouts.never ? "off" : $0.inSeconds } ?? "off")"
        }
        return
            "\(who); \(words.joined(separator: ", ")); proxy \(proxy ?? "none"), certificates \(caBundle ?? "the system's"); "
            + price
    }
}

extension Pipeline {
    /// What it is really set up with, defaults included.
    public var effectiveConfiguration: EffectiveConfiguration {
        EffectiveConfiguration(
            models: models.map { model in
                let info = model.provider.info
                let transport = info.transport
                return EffectiveConfiguration.Model(
                    name: model.name,
                    upstream: info.upstream,
                    layers: model.provider.layers,
                    timeouts: transport?.timeouts,
                    wholeAnswer: transport?.wholeAnswer,
                    proxy: transport?.proxy,
                    caBundle: transport?.caBundle,
                    hasPrice: table[model.name]?.price(at: time.date) != nil
                )
            },
            router: partName(router),
            confidence: partName(confidence),
            caches: caches.map(partName),
            meter: partName(meter),
            tracer: partName(tracer),
            baseline: baseline,
            maxAttempts: maxAttempts,
            maxSideAttempts: maxSideAttempts,
            coalescesIdenticalRequests: coalescesIdenticalRequests
        )
    }
}

/// The type of a part of a pipeline, or what several are together.
private func partName(_ part: Any) -> String {
    func list(_ parts: [Any]) -> String {
        parts.isEmpty ? "none" : parts.map(partName).joined(separator: " and ")
    }
    return switch part {
    case let signal as BuiltInSignal: partName(signal.base)
    case let meter as MultiMeter: list(meter.meters)
    case let tracer as MultiTracer: list(tracer.tracers)
    case is NoMeter: "none"
    default: String("\(type(of: part))".prefix { $0 != "<" })
    }
}

extension ModelProvider {
    /// The names of its decorators' types, and its own.
    fileprivate var layers: [String] {
        let inner = (self as? any ProviderDecorator)?.base.layers ?? []
        return [partName(self)] + inner
    }
}
