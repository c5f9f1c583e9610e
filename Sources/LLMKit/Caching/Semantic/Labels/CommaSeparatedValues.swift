/// Tables as spreadsheets export them, by RFC 4180: fields may stand in quotes, and hold commas, line breaks and, doubled,
/// quotes then. Where the comma is the decimal point, they separate by semicolons.
enum CommaSeparatedValues {
    /// What separates fields.
    enum Separator: Unicode.Scalar, CaseIterable {
        case comma = ","
        case semicolon = ";"
        case tab = "\t"
    }

    struct Row {
        /// Where it begins, from 1.
        var line: Int
        var fields: [String]
    }

    /// - Parameters:
    ///   - limit: how many rows to read.
    ///   - path: for messages.
    static func rows(
        of text: String,
        separatedBy separator: Separator = .comma,
        upTo limit: Int = .max,
        path: String
    ) throws(LLMError) -> [Row] {
        var rows: [Row] = []
        var (fields, field) = ([String](), String.UnicodeScalarView())
        var (line, start) = (1, 1)
        var (isQuoted, wasQuoted) = (false, false)
        func endField() {
            fields.append(String(field))
            field = String.UnicodeScalarView()
        }
        func endRow() {
            endField()
            // A blank line is none.
            if fields != [""] || wasQuoted { rows.append(Row(line: start, fields: fields)) }
            (fields, wasQuoted) = ([], false)
        }
        // By code points: a comma with an accent behind it is one character to Swift, and separates all the same. And only
        // what ends lines in files does so here, not what does in print.
        var rest = text.unicodeScalars[...]
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
        while rows.count < limit, let scalar = rest.popFirst() {
            let isEnd = scalar == "\n" || scalar == "\r" && rest.first != "\n"
            if isEnd { line += 1 }
            if isQuoted {
                if scalar != "\"" {
                    field.append(scalar)
                } else if rest.first == "\"" {
                    field.append(scalar)
                    rest.removeFirst()
                } else {
                    isQuoted = false
                }
                continue
            }
            switch scalar {
            case "\"" where field.isEmpty: (isQuoted, wasQuoted) = (true, true)
            case separator.rawValue: endField()
            case _ where isEnd:
                endRow()
                start = line
            case "\r": break
            default: field.append(scalar)
            }
        }
        guard !isQuoted else {
            throw LLMError(.invalidRequest, "\(path):\(start): a quoted field that begins here never ends")
        }
        if !field.isEmpty || !fields.isEmpty || wasQuoted { endRow() }
        return rows
    }
}
