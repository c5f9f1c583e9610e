/// The folder of a sentence-transformers model with a BERT encoder: what its files say of how a text becomes a vector.
///
/// ```
/// config.json                 the encoder's shape
/// model.safetensors           its weights
/// tokenizer.json or vocab.txt
/// modules.json                what follows the encoder
/// 1_Pooling/config.json       how the tokens' vectors become one
/// sentence_bert_config.json   how many tokens count (optional)
/// ```
struct SentenceTransformerFolder: Sendable {
    /// How the vectors of a text's tokens become one.
    enum Pooling: String, Sendable {
        /// The mean over all tokens, those of the frame included.
        case mean
        /// The vector of the first token.
        case cls
        /// The largest value of each dimension.
        case max
    }

    let path: String
    let configuration: BertConfiguration
    let pooling: Pooling
    /// Whether the model itself scales its vectors to length one.
    let normalizes: Bool
    /// How many tokens of a text count, those of the frame included.
    let maxTokens: Int
    private let wantsLowercase: Bool

    /// Reads the small files; the weights and the tokenizer are read on their own.
    /// - Throws: ``LLMError`` with code `storage` if a file cannot be read, `invalid_configuration` with the file and
    ///   what is wrong in it if it is another kind of model.
    init(_ path: String) throws(LLMError) {
        guard fileExists(path) else { throw Self.missing("folder", path) }
        for name in ["config.json", "modules.json"] { try Self.require(name, in: path) }
        self.path = path
        configuration = try BertConfiguration(contentsOf: path + "/config.json")
        let modules = try Module.readAll(path + "/modules.json")
        normalizes = modules.contains { $0.kind == .normalize }
        guard let pooler = modules.first(where: { $0.kind == .pooling }) else {
            throw LLMError(
                .invalidConfiguration,
                "\(path)/modules.json: no Pooling; expected Transformer, Pooling, Normalize"
            )
        }
        try Self.require("\(pooler.path)/config.json", in: path)
        pooling = try Self.readPooling("\(path)/\(pooler.path)/config.json", hiddenSize: configuration.hiddenSize)
        let limit = configuration.maxPositions
        (maxTokens, wantsLowercase) = try Self.readInput(path + "/sentence_bert_config.json", maxPositions: limit)
    }

    /// Maps the weights, `model.safetensors`.
    func weights() throws(LLMError) -> SafetensorsFile {
        try Self.require("model.safetensors", in: path)
        return try SafetensorsFile(path + "/model.safetensors")
    }

    private static func require(_ name: String, in folder: String) throws(LLMError) {
        let path = folder + "/" + name
        guard fileExists(path) else { throw missing("file", path) }
    }

    /// What to say of a folder that is another one, or holds half of the model.
    private static func missing(_ kind: String, _ path: String) -> LLMError {
        LLMError(
            .storage,
            "\(absolutePath(path)): No such \(kind). The folder of an embedder holds config.json, modules.json, model.safetensors, "
                + "1_Pooling/config.json, and tokenizer.json or vocab.txt, as sentence-transformers writes them. In LLMKit's own folder "
                + "`make embedder` fetches one to .models/all-minilm-l6-v2; an app ships or mounts it, and gives its path"
        )
    }

    /// Reads the tokenizer.
    /// - Throws: ``LLMError``, also if the tokenizer has ids that the model has no rows for.
    func tokenizer() throws(LLMError) -> WordPieceTokenizer {
        guard fileExists(path + "/tokenizer.json") || fileExists(path + "/vocab.txt") else {
            throw Self.missing("file", path + "/tokenizer.json")
        }
        let tokenizer = try WordPieceTokenizer(folder: path)
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            throw LLMError(
                .invalidConfiguration,
                "\(path): the tokenizer has \(tokenizer.vocabularySize) ids, but vocab_size in config.json is "
                    + "\(configuration.vocabularySize); expected files of the same model"
            )
        }
        guard tokenizer.lowercases || !wantsLowercase else {
            throw LLMError(
                .invalidConfiguration,
                "\(path)/sentence_bert_config.json: do_lower_case is true; expected false, or a tokenizer that does it"
            )
        }
        return tokenizer
    }

    private static func readPooling(_ path: String, hiddenSize: Int) throws(LLMError) -> Pooling {
        try FileMapping.readJSON(path, expected: "the configuration of sentence-transformers' Pooling") {
            json throws(JSONReader.Failure) in
            var modes: [String] = []
            try json.beginObject()
            while let key = try json.nextKey() {
                switch key {
                case "word_embedding_dimension", "embedding_dimension":
                    let size = try json.int()
                    guard size == hiddenSize else {
                        throw json.failure("\(key.string) is \(size), but hidden_size in config.json \(hiddenSize)")
                    }
                case "pooling_mode": modes.append(try json.string())
                default:
                    let name = key.string
                    guard name.hasPrefix("pooling_mode_") else {
                        try json.skipValue()
                        continue
                    }
                    if try json.bool() { modes.append(String(name.dropFirst("pooling_mode_".count))) }
                }
            }
            let known: [String: Pooling] = [
                "mean": .mean, "mean_tokens": .mean, "cls": .cls, "cls_token": .cls, "max": .max, "max_tokens": .max,
                // The mean but for its length, which is made one anyway.
                "mean_sqrt_len_tokens": .mean,
            ]
            guard modes.count == 1, let mode = known[modes[0]] else {
                throw json.failure("the pooling modes are \(modes.map(quoted)), not one of mean, cls and max")
            }
            return mode
        }
    }

    private static func readInput(
        _ path: String,
        maxPositions: Int
    ) throws(LLMError) -> (maxTokens: Int, wantsLowercase: Bool) {
        guard fileExists(path) else { return (maxPositions, false) }
        return try FileMapping.readJSON(path, expected: "max_seq_length and do_lower_case of sentence-transformers") {
            json throws(JSONReader.Failure) in
            var (limit, wantsLowercase) = (maxPositions, false)
            try json.beginObject()
            while let key = try json.nextKey() {
                switch key {
                case "max_seq_length":
                    limit = min(maxPositions, try json.optionalInt() ?? maxPositions)
                    guard limit > 2 else { throw json.failure("max_seq_length is \(limit)") }
                case "do_lower_case": wantsLowercase = try json.optionalBool() ?? false
                default: try json.skipValue()
                }
            }
            return (limit, wantsLowercase)
        }
    }
}

/// A line of `modules.json`.
private struct Module {
    enum Kind: String {
        case transformer = "Transformer"
        case pooling = "Pooling"
        case normalize = "Normalize"
    }

    var kind: Kind
    var path: String

    static func readAll(_ path: String) throws(LLMError) -> [Module] {
        try FileMapping.readJSON(path, expected: "the modules of a sentence-transformers model") {
            json throws(JSONReader.Failure) in
            var modules: [Module] = []
            try json.beginArray()
            while try json.nextElement() {
                var (type, path) = ("none", "")
                try json.beginObject()
                while let key = try json.nextKey() {
                    switch key {
                    case "type": type = try json.string()
                    case "path": path = try json.string()
                    default: try json.skipValue()
                    }
                }
                // The modules' Python packages have moved from release to release, their names have not.
                guard let kind = type.split(separator: ".").last.flatMap({ Kind(rawValue: String($0)) }) else {
                    throw json.failure("the module \(quoted(type)), which is not Transformer, Pooling or Normalize")
                }
                guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
                    throw json.failure("the path \(quoted(path)), which leads out of the folder")
                }
                modules.append(Module(kind: kind, path: path))
            }
            return modules
        }
    }
}
