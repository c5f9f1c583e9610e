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
        numbers = words.compactMap { Double($0) }
        names = words.dropFirst().filter { $0.first?.isUppercase == true && $0.count > 1 }.map(String.init)
    }

    func fill(_ schema: JSONValue) -> JSONValue { fill(schema, depth: 0) }

    private func fill(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard depth < Self.depthLimit else { return nil }
        if let constant = schema["const"] { return constant }
        if let allowed = schema["enum"]?.array, let first = allowed.first {
            let spoken = question.lowercased()
            return allowed.first { $0.string.map { spoken.contains($0.lowercased()) } ?? false } ?? first
        }
        if let choices = schema["anyOf"]?.array ?? schema["oneOf"]?.array, let first = choices.first {
            return fill(first, depth: depth + 1)
        }
        switch schema["type"]?.string ?? schema["type"]?.array?.first?.string ?? "object" {
        case "string": return .string(names.last ?? question)
        case "integer": return .number((numbers.first ?? 1).rounded())
        case "number": return .number(numbers.first ?? 1)
        case "boolean": return true
        case "null": return nil
        case "array": return .array([fill(schema["items"] ?? ["type": "string"], depth: depth + 1)])
        default:
            let members = schema["properties"]?.members ?? []
            return .object(
                members.map { JSONValue.Member(key: $0.key, value: fill($0.value, depth: depth + 1)) }
            )
        }
    }
}
