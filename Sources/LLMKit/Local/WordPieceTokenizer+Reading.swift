extension WordPieceTokenizer {
    private static let expectedJSON = "the tokenizer.json of a WordPiece tokenizer"

    /// Reads the tokenizer of a model's folder: `tokenizer.json`, or where there is none `vocab.txt` and, if it is there,
    /// `tokenizer_config.json`.
    /// - Throws: ``LLMError`` with code `storage` if nothing can be read, `invalid_configuration` with what is wrong in
    ///   the file otherwise.
    init(folder: String) throws(LLMError) {
        let json = folder + "/tokenizer.json"
        if fileExists(json) {
            try self.init(contentsOf: json)
        } else if fileExists(folder + "/vocab.txt") {
            try self.init(vocabularyIn: folder)
        } else {
            throw LLMError(
                .storage,
                "\(folder): neither tokenizer.json nor vocab.txt; expected the folder of a BERT model"
            )
        }
    }

    /// Reads a `tokenizer.json`. Its truncation and padding are the caller's business, and passed over.
    init(contentsOf path: String) throws(LLMError) {
        let settings = try FileMapping.readJSON(path, expected: Self.expectedJSON, limit: 256 << 20) {
            json throws(JSONReader.Failure) in
            try Settings(reading: &json)
        }
        do {
            try self.init(settings)
        } catch {
            throw LLMError(.invalidConfiguration, "\(path): \(error.message); expected \(Self.expectedJSON)")
        }
    }

    /// Reads a vocabulary of one token a line, the first having the id 0, as BERT's own code does.
    private init(vocabularyIn folder: String) throws(LLMError) {
        let path = folder + "/vocab.txt"
        var settings = Settings()
        let file = try FileMapping(path)
        try file.withBytes { bytes throws(LLMError) in
            guard bytes.count <= 256 << 20 else {
                throw LLMError(.invalidConfiguration, "\(path): \(bytes.count) bytes; expected one token a line")
            }
            // A line that ends the file is none after it.
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for (index, line) in (lines.last?.isEmpty == true ? lines.dropLast() : lines[...]).enumerated() {
                let token = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
                settings.vocabulary.append(token, Int32(truncatingIfNeeded: index))
            }
        }
        var names = SpecialTokenNames()
        let configuration = folder + "/tokenizer_config.json"
        if fileExists(configuration) {
            try FileMapping.readJSON(configuration, expected: "the configuration of a BERT tokenizer") {
                json throws(JSONReader.Failure) in
                try names.read(&json, &settings.normalizer)
            }
        }
        settings.unknownToken = names.unknown
        let vocabulary = ByteTrie(settings.vocabulary)
        for (name, isNeeded) in names.all {
            if let id = vocabulary.value(of: name.utf8) {
                settings.addedTokens.append(AddedToken(content: name, id: id))
            } else if isNeeded {
                throw LLMError(.invalidConfiguration, "\(path): no token \(quoted(name)); expected a BERT vocabulary")
            }
        }
        settings.prefix = [vocabulary.value(of: names.first.utf8) ?? 0]
        settings.suffix = [vocabulary.value(of: names.last.utf8) ?? 0]
        do {
            try self.init(settings)
        } catch {
            throw LLMError(.invalidConfiguration, "\(path): \(error.message); expected a BERT vocabulary")
        }
    }
}

/// The special tokens of BERT, by what `tokenizer_config.json` calls them.
private struct SpecialTokenNames {
    var unknown = "[UNK]"
    var first = "[CLS]"
    var last = "[SEP]"
    var padding = "[PAD]"
    var mask = "[MASK]"

    /// Every name, and whether there is no tokenizer without it.
    var all: [(name: String, isNeeded: Bool)] {
        [(unknown, true), (first, true), (last, true), (padding, false), (mask, false)]
    }

    mutating func read(_ json: inout JSONReader, _ normalizer: inout BertNormalizer) throws(JSONReader.Failure) {
        var (lowercases, stripsAccents): (Bool, Bool?) = (true, nil)
        var separatesChinese = true
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "do_lower_case": lowercases = try json.optionalBool() ?? true
            case "strip_accents": stripsAccents = try json.optionalBool()
            case "tokenize_chinese_chars": separatesChinese = try json.optionalBool() ?? true
            case "unk_token": unknown = try Self.name(&json) ?? unknown
            case "cls_token": first = try Self.name(&json) ?? first
            case "sep_token": last = try Self.name(&json) ?? last
            case "pad_token": padding = try Self.name(&json) ?? padding
            case "mask_token": mask = try Self.name(&json) ?? mask
            default: try json.skipValue()
            }
        }
        normalizer = BertNormalizer(
            separatesChinese: separatesChinese,
            stripsAccents: stripsAccents,
            lowercases: lowercases
        )
    }

    /// A token is written as its text, or as an object that has it.
    private static func name(_ json: inout JSONReader) throws(JSONReader.Failure) -> String? {
        guard try json.kind() == .object else { return try json.optionalString() }
        var content: String?
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "content": content = try json.string()
            default: try json.skipValue()
            }
        }
        return content
    }
}
