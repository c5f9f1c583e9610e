/// The shape of a BERT encoder, as its `config.json` tells it.
struct BertConfiguration: Hashable, Sendable {
    /// The function between the two layers of the feed-forward network.
    enum Activation: String, Sendable {
        /// x Φ(x), by the error function.
        case gelu
        /// Its approximation by tanh.
        case geluTanh = "gelu_new"
        case relu
    }

    /// How many numbers a token is inside the model.
    var hiddenSize: Int
    var layerCount: Int
    var headCount: Int
    /// The width of the feed-forward network.
    var intermediateSize: Int
    var layerNormEpsilon: Float
    var activation: Activation
    var vocabularySize: Int
    /// How many tokens a text may have.
    var maxPositions: Int
    var typeVocabularySize: Int

    var headSize: Int { hiddenSize / headCount }

    private static let expected = "the configuration of a BERT encoder"

    /// - Parameter path: a `config.json`.
    /// - Throws: ``LLMError`` with code `storage` if it cannot be read, `invalid_configuration` if it describes another
    ///   kind of model, or an impossible one.
    init(contentsOf path: String) throws(LLMError) {
        self = try FileMapping.readJSON(path, expected: Self.expected) { json throws(JSONReader.Failure) in
            try Self(reading: &json)
        }
    }

    private init(reading json: inout JSONReader) throws(JSONReader.Failure) {
        var sizes: [String: Int] = ["type_vocab_size": 2, "max_position_embeddings": 512]
        var (modelType, positions, activationName) = ("none", "absolute", "gelu")
        var epsilon = 1e-12
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "model_type": modelType = try json.string()
            case "position_embedding_type": positions = try json.optionalString() ?? positions
            case "hidden_act": activationName = try json.string()
            case "layer_norm_eps": epsilon = try json.double()
            case "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size",
                "max_position_embeddings", "type_vocab_size":
                let size = try json.int()
                // The limit keeps every product of two sizes far from overflow.
                guard size > 0, size < 1 << 24 else { throw json.failure("\(key.string) is \(size)") }
                sizes[key.string] = size
            default: try json.skipValue()
            }
        }
        guard modelType == "bert" else { throw json.failure("model_type is \(quoted(modelType)), not \"bert\"") }
        guard positions == "absolute" else {
            throw json.failure("position_embedding_type is \(quoted(positions)), not \"absolute\"")
        }
        func size(_ name: String) throws(JSONReader.Failure) -> Int {
            guard let size = sizes[name] else { throw json.failure("no \(name)") }
            return size
        }
        hiddenSize = try size("hidden_size")
        layerCount = try size("num_hidden_layers")
        headCount = try size("num_attention_heads")
        intermediateSize = try size("intermediate_size")
        vocabularySize = try size("vocab_size")
        maxPositions = try size("max_position_embeddings")
        typeVocabularySize = try size("type_vocab_size")
        guard hiddenSize % headCount == 0 else {
            throw json.failure("hidden_size \(hiddenSize) does not divide into \(headCount) heads")
        }
        guard epsilon > 0, epsilon < 1 else { throw json.failure("layer_norm_eps is \(epsilon)") }
        layerNormEpsilon = Float(epsilon)
        let name = activationName == "gelu_pytorch_tanh" ? "gelu_new" : activationName
        guard let activation = Activation(rawValue: name) else {
            throw json.failure("hidden_act is \(quoted(activationName)), not \"gelu\", \"gelu_new\" or \"relu\"")
        }
        self.activation = activation
    }
}
