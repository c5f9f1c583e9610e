import PortableFoundation

/// How a file of labelled questions is written, as its name says, or its first character.
enum LabelledFormat {
    case table
    case lines

    /// - Throws: ``LLMError`` with code `invalid_request` if it is neither.
    init(_ path: String, _ text: String) throws(LLMError) {
        let ending = URL(filePath: path).pathExtension.lowercased()
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
        switch ending {
        case "csv", "tsv": self = .table
        case "jsonl", "ndjson": self = .lines
        // Whatever it is called, it may be what is wanted; a table's first line may be anything.
        case _ where first == "{": self = .lines
        case _ where first == "[":
            throw LLMError(
                .invalidRequest,
                "\(path): begins as a JSON array; it must hold one JSON object a line, as `jq -c '.[]'` makes of it"
            )
        default:
            let found = ending.isEmpty ? "has no ending" : "ends in '.\(ending)'"
            throw LLMError(
                .invalidRequest,
                "\(path): \(found), and its first line is no JSON object: call a table '.csv' or '.tsv', JSON lines '.jsonl'"
            )
        }
    }
}
