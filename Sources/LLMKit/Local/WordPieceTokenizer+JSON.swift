extension WordPieceTokenizer.Settings {
    /// Ids beyond are no vocabulary's: rows of a table are counted with them.
    private static let idLimit = 1 << 24

    /// Reads a `tokenizer.json`.
    init(reading json: inout JSONReader) throws(JSONReader.Failure) {
        var (hasModel, hasPreTokenizer) = (false, false)
        // Without a normaliser nothing is changed.
        normalizer = BertNormalizer(
            cleansText: false,
            separatesChinese: false,
            stripsAccents: false,
            lowercases: false
        )
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "model":
                try readModel(&json)
                hasModel = true
            case "added_tokens": addedTokens = try Self.readAddedTokens(&json)
            case "normalizer":
                if try !json.takeNull() { normalizer = try Self.readNormalizer(&json) }
            case "pre_tokenizer":
                try Self.expectType("BertPreTokenizer", of: "pre_tokenizer", &json)
                hasPreTokenizer = true
            case "post_processor":
                if try !json.takeNull() { (prefix, suffix) = try Self.readPostProcessor(&json) }
            default: try json.skipValue()
            }
        }
        guard hasModel, hasPreTokenizer else { throw json.failure("no model or no pre_tokenizer") }
    }

    private mutating func readModel(_ json: inout JSONReader) throws(JSONReader.Failure) {
        var hasVocabulary = false
        try Self.expectType("WordPiece", of: "model", &json) { key, json throws(JSONReader.Failure) in
            switch key {
            case "unk_token": unknownToken = try json.string()
            case "continuing_subword_prefix": continuingPrefix = try json.string()
            case "max_input_chars_per_word":
                let limit = try json.int()
                guard limit >= 0 else { throw json.failure("expected a length") }
                // Nothing is known of longer words, and they would have to be held in memory.
                wordLimit = min(limit, 1 << 16)
            case "vocab":
                hasVocabulary = true
                try json.beginObject()
                while let token = try json.nextKey() {
                    let token = token.string
                    vocabulary.append(token.utf8, try Self.readID(&json))
                }
            default: try json.skipValue()
            }
        }
        guard hasVocabulary else { throw json.failure("no vocab in the model") }
    }

    static func readID(_ json: inout JSONReader) throws(JSONReader.Failure) -> Int32 {
        let id = try json.int()
        guard id >= 0, id < idLimit else { throw json.failure("expected a token's id below \(idLimit)") }
        return Int32(truncatingIfNeeded: id)
    }

    private static func readAddedTokens(_ json: inout JSONReader) throws(JSONReader.Failure) -> [AddedToken] {
        guard try !json.takeNull() else { return [] }
        var tokens: [AddedToken] = []
        try json.beginArray()
        while try json.nextElement() {
            var (content, id): (String?, Int32?)
            var token = AddedToken(content: "", id: 0)
            try json.beginObject()
            while let key = try json.nextKey() {
                switch key {
                case "content": content = try json.string()
                case "id": id = try readID(&json)
                case "single_word": token.isSingleWord = try json.bool()
                case "lstrip": token.stripsLeft = try json.bool()
                case "rstrip": token.stripsRight = try json.bool()
                case "normalized": token.isNormalized = try json.bool()
                default: try json.skipValue()
                }
            }
            guard let content, let id else { throw json.failure("an added token without its content or id") }
            token.content = content
            token.id = id
            tokens.append(token)
        }
        return tokens
    }

    private static func readNormalizer(_ json: inout JSONReader) throws(JSONReader.Failure) -> BertNormalizer {
        var (cleansText, separatesChinese, lowercases) = (true, true, true)
        var stripsAccents: Bool?
        try expectType("BertNormalizer", of: "normalizer", &json) { key, json throws(JSONReader.Failure) in
            switch key {
            case "clean_text": cleansText = try json.bool()
            case "handle_chinese_chars": separatesChinese = try json.bool()
            case "strip_accents": stripsAccents = try json.optionalBool()
            case "lowercase": lowercases = try json.bool()
            default: try json.skipValue()
            }
        }
        return BertNormalizer(
            cleansText: cleansText,
            separatesChinese: separatesChinese,
            stripsAccents: stripsAccents,
            lowercases: lowercases
        )
    }

    /// Reads an object whose `type` says what its other members mean.
    private static func expectType(
        _ type: String,
        of member: String,
        _ json: inout JSONReader,
        _ readMember: (JSONKey, inout JSONReader) throws(JSONReader.Failure) -> Void = {
            (_, json) throws(JSONReader.Failure) in try json.skipValue()
        }
    ) throws(JSONReader.Failure) {
        // The type need not come first, and what another type means by its members is nobody's business.
        var ahead = json
        var found: String?
        try ahead.beginObject()
        while let key = try ahead.nextKey() {
            switch key {
            case "type": found = try ahead.string()
            default: try ahead.skipValue()
            }
        }
        guard found == type else {
            throw json.failure("\(member) has the type \(found.map(quoted) ?? "none"), not \(quoted(type))")
        }
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "type": try json.skipValue()
            default: try readMember(key, &json)
            }
        }
    }
}
