/// A decorator that passes requests and answers on as they are, so that its base's answers can stand for its own.
protocol KeepsAnswers {}

extension ModelProvider {
    /// Everything that tells this provider's answers from another's: what it says of itself, and the types of all
    /// decorators around it that may change a prompt or an answer.
    ///
    /// How such a decorator is set up is not seen: where that changes answers, requests need a
    /// ``ChatRequest/cachePartition``.
    var answerScope: String { "\(answeringTypes.joined(separator: " over ")) \(info.scope)" }

    private var answeringTypes: [String] {
        let name = "\(type(of: self as Any))".prefix { $0 != "<" }
        guard let decorator = self as? any ProviderDecorator else { return [String(name)] }
        let inner = decorator.base.answeringTypes
        return self is any KeepsAnswers ? inner : [String(name)] + inner
    }
}

extension ProviderInfo {
    /// One setting that changes what a provider answers.
    package struct Setting: Hashable, Sendable {
        var name: String
        var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// A setting that may be secret: only the SHA-256 of its value is kept, which tells values apart.
        package static func concealed(_ name: String, _ value: String) -> Setting {
            var hash = SHA256()
            hash.update(Array(value.utf8))
            let hex = hash.finalize().map { byte in
                let digits = String(byte, radix: 16)
                return digits.count < 2 ? "0" + digits : digits
            }
            return Setting(name, hex.joined())
        }
    }

    /// All that tells this provider's answers from another's, in one fixed spelling: what cache keys are made of.
    ///
    /// Two providers with the same scope give answers that can stand for one another. No key, header value or query is in
    /// it.
    package var scope: String {
        var json = JSONWriter()
        json.object { json in
            for (name, value) in [
                ("vendor", vendor), ("dialect", dialect), ("model", modelID ?? ""), ("host", serverAddress ?? ""),
                ("port", serverPort.map(String.init) ?? ""), ("capabilities", String(capabilities.rawValue)),
            ] {
                json.key(name)
                json.string(value)
            }
            json.key("settings")
            json.array(settings.sorted { ($0.name, $0.value) < ($1.name, $1.value) }) { json, setting in
                json.array([setting.name, setting.value]) { json, text in json.string(text) }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// What the providers of this library are: HTTP clients of a vendor.
    init(
        vendor: String,
        dialect: String,
        modelID: String,
        endpoint: Result<Endpoint, LLMError>,
        capabilities: Capabilities,
        settings: [Setting],
        transport: Transport
    ) {
        let place = try? endpoint.get()
        self.init(
            vendor: vendor,
            dialect: dialect,
            modelID: modelID,
            serverAddress: place?.host,
            serverPort: place?.port,
            capabilities: capabilities,
            keepsTime: true,
            makesAttempts: true
        )
        self.settings = settings
        self.transport = transport
        isStoppable = true
    }
}

extension VendorClient {
    /// The path that is called, its query, and the extra headers.
    var settings: [ProviderInfo.Setting] {
        let url = (try? endpoint.get())?.url ?? ""
        let query = url.firstIndex(of: "?")
        return [
            ProviderInfo.Setting("address", HTTPAddress.printable(url)),
            .concealed("query", query.map { String(url[$0...]) } ?? ""),
        ] + headers.map { .concealed("header \($0.name.lowercased())", $0.value) }
    }
}

extension OpenAIFormat {
    /// The dialect's habits, what is dropped, and the extra body.
    var settings: [ProviderInfo.Setting] {
        [ProviderInfo.Setting("dialect", dialect.name), .dropping(dropping), .extraBody(extraBody)]
            + [.concealed("habits", dialect.habits)]
    }
}

extension OpenAIDialect {
    /// What of the dialect changes how requests are written, in one fixed spelling.
    fileprivate var habits: String {
        "\(outputLimit) \(seedField) \(requiredToolChoice) \(logProbabilities) \(schemaField) \(reasoning) "
            + "\(takesReasoningBack)"
    }
}

extension AnthropicFormat {
    /// The version, the thinking, the default limit, what is dropped, and the extra body.
    var settings: [ProviderInfo.Setting] {
        [
            ProviderInfo.Setting("version", version),
            ProviderInfo.Setting("thinking", thinking.map { "\($0)" } ?? ""),
            ProviderInfo.Setting("maxOutputTokens", String(maxOutputTokens)),
            .dropping(dropping), .extraBody(extraBody),
        ]
    }
}

extension ProviderInfo.Setting {
    fileprivate static func dropping(_ parameters: Set<RequestParameter>) -> ProviderInfo.Setting {
        ProviderInfo.Setting("dropping", parameters.map(\.rawValue).sorted().joined(separator: ","))
    }

    /// Spelled in one way, whatever the order of its members.
    fileprivate static func extraBody(_ json: JSONText?) -> ProviderInfo.Setting {
        guard let text = json?.description else { return ProviderInfo.Setting("extraBody", "") }
        return .concealed("extraBody", (try? JSONValue(parsing: text))?.canonicalText ?? text)
    }
}
