import LLMKit

/// Makes up a document of a schema's shape, with what the question offers: its numbers and its proper names.
struct SchemaFiller {
    private var numbers: [Double]
    private var names: [String]
    private var question: String
    /// Schemas may refer to themselves; deeper than this they get an empty value.
    private static let depthLimit = 12

    init(question: String) {
        self.question = question
        let words = question.split { !($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        numbers = words.compactMap { Double($0) }.filter(\.isFinite)
        names = words.dropFirst().filter { $0.first?.isUppercase == true && $0.count > 1 }.map(String.init)
    }

    /// The document, its members sorted, so that it is the same bytes on every run.
    func fill(_ schema: JSONText) -> String {
        guard let schema = try? JSONValue(parsing: schema.description) else { return "{}" }
        return fill(schema, depth: 0).canonicalText
    }

    private func fill(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard depth < Self.depthLimit else { return .null }
        if let constant = schema["const"] { return constant }
        if let allowed = schema["enum"]?.elements, let first = allowed.first {
            let spoken = question.lowercased()
            return allowed.first { $0.text.map { spoken.contains($0.lowercased()) } ?? false } ?? first
        }
        if let choices = schema["anyOf"]?.elements ?? schema["oneOf"]?.elements, let first = choices.first {
            return fill(first, depth: depth + 1)
        }
        switch schema["type"]?.text ?? schema["type"]?.elements?.first?.text ?? "object" {
        case "string": return .string(ExactString(names.last ?? question))
        case "integer": return number((numbers.first ?? 1).rounded())
        case "number": return number(numbers.first ?? 1)
        case "boolean": return .bool(true)
        case "null": return .null
        case "array": return .array([fill(schema["items"] ?? Self.anyText, depth: depth + 1)])
        default: return .object((schema["properties"]?.members ?? [:]).mapValues { fill($0, depth: depth + 1) })
        }
    }

    private static let anyText = JSONValue.object(["type": .string("string")])

    private func number(_ value: Double) -> JSONValue {
        let text = Int(exactly: value).map(String.init) ?? value.description
        return JSONNumber(text).map(JSONValue.number) ?? .null
    }
}
