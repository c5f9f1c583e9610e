extension PriceTable {
    /// Vendors that are commonly called otherwise than OpenTelemetry calls them.
    private static let vendorNames = [
        "xai": "x_ai", "grok": "x_ai", "mistral": "mistral_ai", "mistralai": "mistral_ai", "moonshot": "moonshot_ai",
        "azure": "azure.ai.openai", "azure_openai": "azure.ai.openai", "gemini": "gcp.gemini", "google": "gcp.gemini",
        "gcp.gen_ai": "gcp.gemini", "gcp.vertex_ai": "gcp.gemini", "bedrock": "aws.bedrock", "together_ai": "together",
        "fireworks_ai": "fireworks", "claude": "anthropic", "qwen": "dashscope", "alibaba": "dashscope",
        // OpenTelemetry's word for what has no name is no word that anybody would write.
        "openai-compatible": "_OTHER", "openai_compatible": "_OTHER",
    ]

    static func commonName(ofVendor name: String) -> String { vendorNames[name] ?? name }

    /// The entries of the longest known model that `model` begins with, as far as they cover the edition that the rest
    /// names; `nil` if the rest names something else, or if no entry covers it.
    static func edition(_ model: String, among known: [String: [Entry]]) -> [Entry]? {
        var end = model.endIndex
        while let cut = model.utf8[..<end].lastIndex(where: isBoundary) {
            if let entries = known[String(model[..<cut])] {
                let ending = model[cut...]
                guard isVersion(ending) else { return nil }
                let edition = ending.dropFirst()
                let covering = edition == "latest" ? entries : entries.filter { $0.covers(edition) }
                return covering.isEmpty ? nil : covering
            }
            end = cut
        }
        return nil
    }

    /// The entries of an id in front of which the vendor writes something else than the model's name: Google a folder,
    /// Bedrock the region of an inference profile, which then is in the price.
    static func withoutPrefix(_ model: String, of vendor: String, among known: [String: [Entry]]) -> [Entry]? {
        func entries(of rest: Substring) -> [Entry]? {
            let rest = String(rest)
            return known[rest] ?? edition(rest, among: known)
        }
        switch vendor {
        case "gcp.gemini":
            return model.hasPrefix("models/") ? entries(of: model.dropFirst(7)) : nil
        case "aws.bedrock":
            guard let dot = model.firstIndex(of: ".") else { return nil }
            let region = String(model[..<dot])
            let priced = entries(of: model[model.index(after: dot)...])?.compactMap { entry -> Entry? in
                guard let factor = entry.price.regions[region] else { return nil }
                var entry = entry
                entry.price = entry.price.scaled(thousandths: factor, region: region)
                return entry
            }
            return priced?.isEmpty == true ? nil : priced
        default: return nil
        }
    }

    /// Whether a byte only sets the parts of an id apart.
    static func isBoundary(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: ":")
    }

    /// Whether an ending only says which edition of a model it is: a date, a number of three digits or more, `v1`,
    /// `latest`.
    ///
    /// A number of one or two digits would be another model: `claude-opus-5` is not `claude-opus-5-5`.
    private static func isVersion(_ ending: Substring) -> Bool {
        let pieces = ending.utf8.dropFirst().split(omittingEmptySubsequences: false, whereSeparator: isBoundary)
        for (index, piece) in pieces.map({ Substring($0) }).enumerated() {
            let digits = piece.first == "v" ? piece.dropFirst() : piece
            let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            let isLongEnough = index > 0 || digits.count != piece.count || digits.count >= 3
            guard piece == "latest" || (isNumber && isLongEnough) else { return false }
        }
        return !pieces.isEmpty
    }
}
