extension WordPieceTokenizer.Settings {
    /// Reads which ids stand around a single text.
    static func readPostProcessor(
        _ json: inout JSONReader
    ) throws(JSONReader.Failure) -> (prefix: [Int32], suffix: [Int32]) {
        var type: String?
        var single: (prefix: [String], suffix: [String])?
        var ids: [String: [Int32]] = [:]
        var (first, last): (Int32?, Int32?)
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "type": type = try json.string()
            case "single": single = try readTemplate(&json)
            case "special_tokens":
                try json.beginObject()
                while let name = try json.nextKey() {
                    let name = name.string
                    ids[name] = try readTokenIDs(&json)
                }
            case "cls": first = try readNamedID(&json)
            case "sep": last = try readNamedID(&json)
            default: try json.skipValue()
            }
        }
        switch type {
        case "BertProcessing":
            guard let first, let last else { throw json.failure("BertProcessing without its cls or sep") }
            return ([first], [last])
        case "TemplateProcessing":
            guard let single else { throw json.failure("TemplateProcessing without its single template") }
            func resolve(_ names: [String]) throws(JSONReader.Failure) -> [Int32] {
                var all: [Int32] = []
                for name in names {
                    guard let own = ids[name] else { throw json.failure("the template's \(quoted(name)) has no ids") }
                    all += own
                }
                return all
            }
            return (try resolve(single.prefix), try resolve(single.suffix))
        default:
            throw json.failure(
                "post_processor has the type \(type.map(quoted) ?? "none"), not TemplateProcessing or BertProcessing"
            )
        }
    }

    /// `[{"SpecialToken": {"id": "[CLS]"}}, {"Sequence": {"id": "A"}}, …]`
    private static func readTemplate(
        _ json: inout JSONReader
    ) throws(JSONReader.Failure) -> (prefix: [String], suffix: [String]) {
        var (prefix, suffix): ([String], [String]) = ([], [])
        var hasText = false
        try json.beginArray()
        while try json.nextElement() {
            try json.beginObject()
            while let kind = try json.nextKey() {
                let kind = kind.string
                let id = try readMember("id", &json) { json throws(JSONReader.Failure) in try json.string() }
                switch kind {
                case "Sequence" where id == "A" && !hasText: hasText = true
                case "SpecialToken" where hasText: suffix.append(id)
                case "SpecialToken": prefix.append(id)
                default: throw json.failure("the template is not special tokens around one text")
                }
            }
        }
        guard hasText else { throw json.failure("the template has no place for the text") }
        return (prefix, suffix)
    }

    private static func readTokenIDs(_ json: inout JSONReader) throws(JSONReader.Failure) -> [Int32] {
        try readMember("ids", &json) { json throws(JSONReader.Failure) in
            var ids: [Int32] = []
            try json.beginArray()
            while try json.nextElement() { ids.append(try readID(&json)) }
            return ids
        }
    }

    /// `["[CLS]", 101]`
    private static func readNamedID(_ json: inout JSONReader) throws(JSONReader.Failure) -> Int32 {
        try json.beginArray()
        var id: Int32?
        if try json.nextElement() { _ = try json.string() }
        if try json.nextElement() { id = try readID(&json) }
        guard let id, try !json.nextElement() else { throw json.failure("expected a token and its id") }
        return id
    }

    /// One member of an object, which must be there; the others are passed over.
    private static func readMember<Value>(
        _ name: StaticString,
        _ json: inout JSONReader,
        _ read: (inout JSONReader) throws(JSONReader.Failure) -> Value
    ) throws(JSONReader.Failure) -> Value {
        var value: Value?
        try json.beginObject()
        while let key = try json.nextKey() {
            if name ~= key {
                value = try read(&json)
            } else {
                try json.skipValue()
            }
        }
        guard let value else { throw json.failure("no \(name) in the object") }
        return value
    }
}
