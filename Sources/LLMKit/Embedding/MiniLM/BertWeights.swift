/// The tensors of a BERT encoder, by the names that Hugging Face's transformers gives them.
struct BertWeights {
    let file: SafetensorsFile
    let configuration: BertConfiguration
    /// What stands in front of each name: nothing, or that of the encoder within a larger model.
    private let prefix: String

    /// Checks that every tensor is there and has the shape that the configuration tells, without reading any.
    /// - Throws: ``LLMError`` with code `invalid_configuration`, naming the file, the tensor and both shapes.
    init(_ file: SafetensorsFile, _ configuration: BertConfiguration) throws(LLMError) {
        self.file = file
        self.configuration = configuration
        let words = "embeddings.word_embeddings.weight"
        prefix = file.entries[words] == nil && file.entries["bert." + words] != nil ? "bert." : ""
        let hidden = configuration.hiddenSize
        try check(words, [configuration.vocabularySize, hidden])
        try check("embeddings.position_embeddings.weight", [configuration.maxPositions, hidden])
        try check("embeddings.token_type_embeddings.weight", [configuration.typeVocabularySize, hidden])
        try check(norm: "embeddings.LayerNorm")
        for layer in 0..<configuration.layerCount {
            let name = "encoder.layer.\(layer)."
            for part in ["query", "key", "value"] {
                try check(linear: name + "attention.self." + part, from: hidden, to: hidden)
            }
            try check(linear: name + "attention.output.dense", from: hidden, to: hidden)
            try check(norm: name + "attention.output.LayerNorm")
            try check(linear: name + "intermediate.dense", from: hidden, to: configuration.intermediateSize)
            try check(linear: name + "output.dense", from: configuration.intermediateSize, to: hidden)
            try check(norm: name + "output.LayerNorm")
        }
    }

    /// The table of the words' vectors, which is too large to be read for its own sake.
    func wordEmbeddings() throws(LLMError) -> (name: String, entry: SafetensorsFile.Entry) {
        let name = prefix + "embeddings.word_embeddings.weight"
        return (name, try file.entry(name))
    }

    /// The vectors of the positions, with that of the first kind of token added, the only kind that there is here.
    func positionEmbeddings() throws(LLMError) -> [Float] {
        var positions = try floats("embeddings.position_embeddings.weight")
        let kind = try floats("embeddings.token_type_embeddings.weight")
        let width = configuration.hiddenSize
        for index in positions.indices { positions[index] += kind[index % width] }
        return positions
    }

    func embeddingNorm() throws(LLMError) -> Norm { try norm("embeddings.LayerNorm") }

    func layer(_ index: Int) throws(LLMError) -> Layer {
        let name = "encoder.layer.\(index)."
        var attention = try linear(name + "attention.self.query")
        // Dividing the queries here spares dividing the scores at each call.
        let scale = 1 / Float(configuration.headSize).squareRoot()
        for index in attention.weights.indices { attention.weights[index] *= scale }
        for index in attention.bias.indices { attention.bias[index] *= scale }
        for part in ["key", "value"] {
            let other = try linear(name + "attention.self." + part)
            attention.weights += other.weights
            attention.bias += other.bias
        }
        return Layer(
            attention: attention,
            output: try linear(name + "attention.output.dense"),
            outputNorm: try norm(name + "attention.output.LayerNorm"),
            up: try linear(name + "intermediate.dense"),
            down: try linear(name + "output.dense"),
            norm: try norm(name + "output.LayerNorm")
        )
    }

    /// A linear layer, `y = W x + b`.
    struct Linear {
        /// One row of `depth` numbers for each output.
        var weights: [Float]
        var bias: [Float]

        /// How many inputs there are.
        var depth: Int { bias.isEmpty ? 0 : weights.count / bias.count }
    }

    struct Norm {
        var weight: [Float]
        var bias: [Float]
    }

    struct Layer {
        /// Queries, keys and values in one.
        var attention: Linear
        var output: Linear
        var outputNorm: Norm
        var up: Linear
        var down: Linear
        var norm: Norm
    }

    private func linear(_ name: String) throws(LLMError) -> Linear {
        Linear(weights: try floats(name + ".weight"), bias: try floats(name + ".bias"))
    }

    private func norm(_ name: String) throws(LLMError) -> Norm {
        Norm(weight: try floats(name + ".weight"), bias: try floats(name + ".bias"))
    }

    private func floats(_ name: String) throws(LLMError) -> [Float] { try file.floats(prefix + name) }

    private func check(linear name: String, from depth: Int, to columns: Int) throws(LLMError) {
        try check(name + ".weight", [columns, depth])
        try check(name + ".bias", [columns])
    }

    private func check(norm name: String) throws(LLMError) {
        try check(name + ".weight", [configuration.hiddenSize])
        try check(name + ".bias", [configuration.hiddenSize])
    }

    private func check(_ name: String, _ shape: [Int]) throws(LLMError) {
        let entry = try file.entry(prefix + name, shape: shape)
        guard [.f32, .f16, .bf16].contains(entry.dataType) else {
            throw LLMError(
                .invalidConfiguration,
                "\(file.path): the tensor \(quoted(prefix + name)) holds \(entry.dataType.rawValue); "
                    + "expected F32, F16 or BF16"
            )
        }
    }
}
