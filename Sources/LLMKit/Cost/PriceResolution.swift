import Synchronization

extension PriceTable {
    /// Vendors that are commonly called otherwise than OpenTelemetry calls them.
    private static let vendorNames = [
        "xai": "x_ai", "grok": "x_ai", "mistral": "mistral_ai", "mistralai": "mistral_ai", "moonshot": "moonshot_ai",
        "azure": "azure.ai.openai", "azure_openai": "azure.ai.openai", "gemini": "gcp.gemini", "google": "gcp.gemini",
        "gcp.gen_ai": "gcp.gemini", "gcp.vertex_ai": "gcp.gemini", "bedrock": "aws.bedrock", "together_ai": "together",
        "fireworks_ai": "fireworks", "claude": "anthropic", "qwen": "dashscope", "alibaba": "dashscope",
    ]

    static func commonName(ofVendor name: String) -> String { vendorNames[name] ?? name }

    /// The longest known model that `model` begins with, if the rest only says which version of it is meant.
    static func withoutEnding(_ model: String, among known: [String: [Entry]]) -> String? {
        var end = model.endIndex
        while let cut = model[..<end].lastIndex(where: isBoundary) {
            let name = String(model[..<cut])
            if known[name] != nil { return isVersion(model[cut...]) ? name : nil }
            end = cut
        }
        return nil
    }

    private static func isBoundary(_ character: Character) -> Bool {
        character == "-" || character == "@" || character == ":"
    }

    /// Whether an ending only says which edition of a model it is: a date, a number of three digits or more, `v1`,
    /// `latest`.
    ///
    /// A number of one or two digits would be another model: `claude-opus-5` is not `claude-opus-5-5`.
    private static func isVersion(_ ending: Substring) -> Bool {
        let pieces = ending.dropFirst().split(omittingEmptySubsequences: false, whereSeparator: isBoundary)
        for (index, piece) in pieces.enumerated() {
            let digits = piece.first == "v" ? piece.dropFirst() : piece
            let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            let isLongEnough = index > 0 || digits.count != piece.count || digits.count >= 3
            guard piece == "latest" || (isNumber && isLongEnough) else { return false }
        }
        return !pieces.isEmpty
    }
}

/// Remembers to which known model an unknown id leads: the same few ids come again with every call.
final class PriceMemo: Sendable {
    private struct Name: Hashable {
        var vendor: String
        var model: String
    }

    private let found = Mutex<[Name: String?]>([:])
    /// Ids come from outside: a vendor that makes up a new one for every answer must not fill the memory.
    private static let limit = 1024

    var count: Int { found.withLock { $0.count } }

    func resolve(_ vendor: String, _ model: String, _ search: () -> String?) -> String? {
        let name = Name(vendor: vendor, model: model)
        if let known = found.withLock({ $0[name] }) { return known }
        let result = search()
        found.withLock { found in
            if found.count >= Self.limit { found = [:] }
            found[name] = .some(result)
        }
        return result
    }
}
