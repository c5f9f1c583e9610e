/// Tables as spreadsheets export them, by RFC 4180: fields may stand in quotes, and hold commas, line breaks and, doubled,
/// quotes then.
enum CommaSeparatedValues {
    struct Row {
        /// Where it begins, from 1.
        var line: Int
        var fields: [String]
    }

    /// - Parameter path: for messages.
    static func rows(of text: String, path: String) throws(LLMError) -> [Row] {
        var rows: [Row] = []
        var (fields, field) = ([String](), "")
        var (line, start) = (1, 1)
        var (isQuoted, wasQuoted) = (false, false)
        func end() {
            fields.append(field)
            // A blank line is none.
            if fields != [""] || wasQuoted { rows.append(Row(line: start, fields: fields)) }
            (fields, field, wasQuoted) = ([], "", false)
        }
        var rest = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
        while let character = rest.popFirst() {
            if character.isNewline { line += 1 }
            if isQuoted {
                if character != "\"" {
                    field.append(character)
                } else if rest.first == "\"" {
                    field.append(character)
                    rest.removeFirst()
                } else {
                    isQuoted = false
                }
                continue
            }
            switch character {
            case "\"" where field.isEmpty: (isQuoted, wasQuoted) = (true, true)
            case ",":
                fields.append(field)
                field = ""
            case _ where character.isNewline:
                end()
                start = line
            default: field.append(character)
            }
        }
        guard !isQuoted else {
            throw LLMError(.invalidRequest, "\(path):\(start): a quoted field that begins here never ends")
        }
        if !field.isEmpty || !fields.isEmpty { end() }
        return rows
    }
}
