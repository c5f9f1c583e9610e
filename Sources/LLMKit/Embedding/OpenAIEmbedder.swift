/// Vectors from OpenAI's embeddings API, or from one of the many servers that speak the same.
///
/// ```swift
/// .openAI("text-embedding-3-small", dimensions: 512)
/// .openAICompatible("bge-m3", at: "http://gpu-1:8000/v1", dimensions: 1024)
/// ```
/// Every call goes over the network and is paid for; ``Embeddings/usage`` says how many tokens were billed. Failed calls
/// are not tried again: whoever asks decides that.
public struct OpenAIEmbedder: Embedder {
    /// How vectors travel.
    public enum Encoding: String, Sendable {
        /// Little-endian floats in base64: a third of the bytes, and exact.
        case base64
        /// JSON numbers, which every server can write.
        case float
    }

    public let info: EmbedderInfo
    let format: OpenAIEmbeddingFormat
    private let vendor: VendorClient
    private let batchSize: Int
    private let timeouts: Timeouts

    /// - Parameters:
    ///   - model: the vendor's id of the model.
    ///   - dimensions: how many numbers its vectors have.
    ///   - shortens: whether to ask for vectors of `dimensions` numbers, where the model can make shorter ones than its
    ///     own (OpenAI's third generation can); other models refuse to be asked.
    ///   - key: `nil` takes it from the dialect's environment variable, if it has one.
    ///   - baseURL: the address up to `/embeddings`; a query stays at its end. `nil` takes the dialect's.
    ///   - dialect: whose server it is: names it in errors and prices, and says how the key is sent.
    ///   - encoding: how vectors travel.
    ///   - maxTokens: how many tokens of a text count. The vendor's tokens cannot be counted here, and what is too long is
    ///     refused there: a text is cut after as many bytes, since no token has less than one.
    ///   - batchSize: how many texts one call may carry; more are sent in turn. OpenAI takes 2,048.
    ///   - headers: sent with every call.
    ///   - timeouts: the clocks of each call.
    ///   - client: whose connections are used.
    public init(
        model: String,
        dimensions: Int,
        shortens: Bool = false,
        key: APIKey? = nil,
        baseURL: String? = nil,
        dialect: OpenAIDialect = .openAI,
        encoding: Encoding = .base64,
        maxTokens: Int = 8_191,
        batchSize: Int = 256,
        headers: [String: String] = [:],
        timeouts: Timeouts = Timeouts(connect: .seconds(5), total: .seconds(30)),
        client: HTTPClient = .shared
    ) {
        vendor = VendorClient(
            vendor: dialect.name,
            model: model,
            errorNames: dialect.errorNames,
            baseURL: baseURL ?? dialect.baseURL,
            path: OpenAIEmbeddingFormat.path,
            signer: dialect.signer(key),
            headers: headers,
            client: client
        )
        // Models of one name at two addresses need not be the same model: a gateway tells tenants, and a vendor its
        // deployments, by the path. The query stays out: it may hold keys.
        let place = (try? vendor.endpoint.get()).map { HTTPAddress.printable($0.url) } ?? ""
        info = EmbedderInfo(
            identity: "\(dialect.vendor) \(model) \(dimensions) \(place) \(maxTokens)",
            dimensions: dimensions,
            maxTokens: maxTokens,
            vendor: dialect.vendor,
            modelID: model
        )
        format = OpenAIEmbeddingFormat(model: model, dimensions: dimensions, shortens: shortens, encoding: encoding)
        self.batchSize = batchSize
        self.timeouts = timeouts
    }

    /// - Throws: ``LLMError`` with code `invalidConfiguration` for a malformed address or header, an empty model id,
    ///   or dimensions, limits or batches below one.
    public func validate() throws(LLMError) {
        guard format.model.contains(where: { !$0.isWhitespace }) else {
            throw LLMError(.invalidConfiguration, "the id of the embedding model for \(vendor.vendor) is empty")
        }
        for (name, value) in [("dimensions", info.dimensions), ("maxTokens", info.maxTokens), ("batchSize", batchSize)]
        where value < 1 {
            let advice = name == "dimensions" ? "; say how many numbers the vectors of \(format.model) have" : ""
            throw LLMError(.invalidConfiguration, "\(name) is \(value); expected at least 1\(advice)")
        }
        try vendor.validate()
    }

    /// Checks the key, without a call.
    /// - Throws: ``LLMError`` with code `invalidConfiguration` for a missing or malformed key.
    public func preflight() async throws(LLMError) { try await vendor.preflight() }

    /// - Throws: ``LLMError`` with the code of what failed. Its ``LLMError/usage`` holds what earlier batches cost.
    public func embed(_ texts: [String]) async throws(LLMError) -> Embeddings {
        try validate()
        let inputs = texts.map { Self.cut($0, toBytes: info.maxTokens) }
        var all = Embeddings([])
        all.vectors.reserveCapacity(texts.count)
        var start = 0
        while start < inputs.count {
            let end = endOfBatch(inputs, from: start)
            do throws(LLMError) {
                let batch = try await call(inputs[start..<end])
                all.vectors += batch.vectors
                all.usage = start == 0 ? batch.usage : all.usage + batch.usage
            } catch {
                var error = error
                if start > 0 { error.usage = error.usage.map { $0 + all.usage } ?? all.usage }
                throw error
            }
            start = end
        }
        return all
    }

    /// OpenAI takes 300,000 tokens a call, and a token has a byte at least.
    private static let batchByteLimit = 300_000

    private func endOfBatch(_ inputs: [String], from start: Int) -> Int {
        var end = start
        var byteCount = 0
        while end < inputs.count, end - start < batchSize {
            byteCount += inputs[end].utf8.count
            if end > start, byteCount > Self.batchByteLimit { break }
            end += 1
        }
        return end
    }

    /// The beginning of a text, cut between scalars. An empty text is refused by the vendor, and becomes a space.
    private static func cut(_ text: String, toBytes limit: Int) -> String {
        guard !text.isEmpty else { return " " }
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return end == text.startIndex ? " " : String(text[..<end])
    }

    private func call(_ inputs: ArraySlice<String>) async throws(LLMError) -> Embeddings {
        let clocks = CallClocks(timeouts: timeouts, deadline: nil)
        return try await vendor.call(format.encode(inputs), clocks) { (response, site) throws(LLMError) in
            var decoder = OpenAIEmbeddingDecoder(format: format, count: inputs.count)
            do throws(DecodingFailure) {
                let read = response.body.withUnsafeBufferPointer { bytes in
                    Result { () throws(DecodingFailure) in try decoder.read(bytes) }
                }
                return Embeddings(try read.get(), usage: decoder.usage ?? Self.estimate(inputs))
            } catch {
                var failed = site.error(error, response.head, body: response.body)
                // The answer is of no use, but was paid for.
                failed.usage = decoder.usage
                throw failed
            }
        }
    }

    private static func estimate(_ inputs: ArraySlice<String>) -> Usage {
        let byteCount = inputs.reduce(0) { $0 + $1.utf8.count }
        return Usage(input: Usage.estimatedTokens(utf8Count: byteCount), isEstimated: true)
    }
}

extension Embedder where Self == OpenAIEmbedder {
    /// OpenAI; the key comes from `OPENAI_API_KEY`.
    /// - Parameters:
    ///   - model: such as `text-embedding-3-small`.
    ///   - dimensions: asks for vectors of so many numbers; `nil` takes the model's own, and must not be `nil` for models
    ///     that are not known here.
    ///   - key: `nil` takes it from the environment.
    public static func openAI(_ model: String, dimensions: Int? = nil, key: APIKey? = nil) -> OpenAIEmbedder {
        let known = ["text-embedding-3-small": 1_536, "text-embedding-3-large": 3_072, "text-embedding-ada-002": 1_536]
        return OpenAIEmbedder(
            model: model,
            dimensions: dimensions ?? known[model] ?? 0,
            shortens: dimensions != nil && dimensions != known[model],
            key: key
        )
    }

    /// A server that speaks OpenAI's embeddings API.
    /// - Parameters:
    ///   - model: the server's id of the model.
    ///   - baseURL: the address up to `/embeddings`.
    ///   - dimensions: how many numbers the model's vectors have.
    ///   - maxTokens: how many tokens of a text the model takes.
    ///   - key: none by default, as local servers want none.
    public static func openAICompatible(
        _ model: String,
        at baseURL: String,
        dimensions: Int,
        maxTokens: Int = 512,
        key: APIKey? = nil
    ) -> OpenAIEmbedder {
        OpenAIEmbedder(
            model: model,
            dimensions: dimensions,
            key: key,
            baseURL: baseURL,
            dialect: .compatible,
            encoding: .float,
            maxTokens: maxTokens
        )
    }
}
