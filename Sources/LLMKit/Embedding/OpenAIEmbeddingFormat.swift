import PortableFoundation

/// How a call of OpenAI's embeddings API is written.
struct OpenAIEmbeddingFormat: Sendable {
    let model: String
    let dimensions: Int
    let shortens: Bool
    let encoding: OpenAIEmbedder.Encoding

    /// What is called below the base URL.
    static let path = "/embeddings"
    private static let headers = [HTTPHeader("Content-Type", "application/json")]

    func encode(_ inputs: ArraySlice<String>) -> EncodedRequest {
        var json = JSONWriter(capacity: 256 + inputs.reduce(0) { $0 + $1.utf8.count + 8 })
        json.object { json in
            json.key("model")
            json.string(model)
            json.key("input")
            json.array(inputs) { json, text in json.string(text) }
            json.key("encoding_format")
            json.string(encoding.rawValue)
            if shortens {
                json.key("dimensions")
                json.int(dimensions)
            }
        }
        return EncodedRequest(path: Self.path, headers: Self.headers, body: json.bytes)
    }
}

/// Reads the answer: `{"data":[{"index":0,"embedding":[…]}],"usage":{"prompt_tokens":8,"total_tokens":8}}`.
struct OpenAIEmbeddingDecoder {
    private let format: OpenAIEmbeddingFormat
    private var vectors: [[Float]?]
    /// What the vendor counted; `nil` if it did not say.
    private(set) var usage: Usage?

    /// - Parameter count: how many texts were sent.
    init(format: OpenAIEmbeddingFormat, count: Int) {
        self.format = format
        vectors = Array(repeating: nil, count: count)
    }

    /// Reads a whole answer. The vectors come in the order of the texts, whatever theirs was.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) -> [[Float]] {
        if let error = try? VendorError.read(bytes), Self.isError(bytes) { throw .vendor(error) }
        do throws(JSONReader.Failure) {
            var json = JSONReader(bytes)
            guard var data = try readMembers(&json) else { throw json.failure("no data in the answer") }
            return try readVectors(&data)
        } catch {
            throw .shape(error)
        }
    }

    /// Whether the answer has an error where its data should be.
    private static func isError(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var json = JSONReader(bytes)
        guard (try? json.beginObject()) != nil else { return true }
        while let key = try? json.nextKey() {
            if "data" ~= key { return false }
            guard (try? json.skipValue()) != nil else { return false }
        }
        return true
    }

    /// Usage comes behind the data, but is worth knowing even if the data are wrong: they are read last.
    private mutating func readMembers(_ json: inout JSONReader) throws(JSONReader.Failure) -> JSONReader? {
        var data: JSONReader?
        var counts = OpenAIUsage()
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "data": data = try json.bookmark()
            case "usage": try counts.read(&json)
            default: try json.skipValue()
            }
        }
        try json.expectEnd()
        if counts.hasInput { usage = counts.normalised }
        return data
    }

    private mutating func readVectors(_ json: inout JSONReader) throws(JSONReader.Failure) -> [[Float]] {
        var position = 0
        try json.beginArray()
        while try json.nextElement() {
            var index = position
            var vector: [Float]?
            try json.beginObject()
            while let key = try json.nextKey() {
                switch key {
                case "index": index = try json.optionalInt() ?? position
                case "embedding": vector = try readVector(&json)
                default: try json.skipValue()
                }
            }
            guard let vector else { throw json.failure("an element of data without its embedding") }
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw json.failure("an embedding with the index \(index), of \(vectors.count) texts, or twice")
            }
            vectors[index] = vector
            position += 1
        }
        let found = vectors.compactMap { $0 }
        guard found.count == vectors.count else {
            throw json.failure("\(found.count) embeddings for \(vectors.count) texts")
        }
        return found
    }

    /// Servers that know only one encoding answer in it, whatever they are asked for.
    private func readVector(_ json: inout JSONReader) throws(JSONReader.Failure) -> [Float] {
        let numbers = try json.kind() == .string ? try readBase64(&json) : try readNumbers(&json)
        guard numbers.count == format.dimensions else {
            throw json.failure(
                "a vector of \(numbers.count) dimensions, where the embedder was set up for \(format.dimensions)"
            )
        }
        guard let vector = numbers.scaledToUnitLength else {
            throw json.failure("a vector without a direction, or with what is no number")
        }
        return vector
    }

    private func readNumbers(_ json: inout JSONReader) throws(JSONReader.Failure) -> [Float] {
        var numbers: [Float] = []
        numbers.reserveCapacity(format.dimensions)
        try json.beginArray()
        while try json.nextElement() { numbers.append(Float(try json.double())) }
        return numbers
    }

    private func readBase64(_ json: inout JSONReader) throws(JSONReader.Failure) -> [Float] {
        guard let data = Data(base64Encoded: try json.string()), data.count % 4 == 0 else {
            throw json.failure("an embedding that is not the base64 of floats")
        }
        return data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { offset in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
    }
}
