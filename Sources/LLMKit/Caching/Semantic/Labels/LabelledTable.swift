/// Tables of labelled questions, as spreadsheets export them.
enum LabelledTable {
    /// The columns that make a row, and the other names of each; the first are for messages.
    private static let layouts: [[[String]]] = [
        [["question", "q", "text"], ["answer", "intent", "label"]],
        [["a"], ["b"], ["same", "label"]],
    ]

    /// A name longer than this is none: the first line holds a question.
    private static let longestName = 24

    /// The rows, each with its line and its fields by their columns' names.
    static func rows(of text: String, _ path: String) throws(LLMError) -> [(Int, LabelledFile.Row)] {
        let (names, rows) = try read(text, path)
        return try rows.map { (row) throws(LLMError) in
            guard row.fields.count == names.count else {
                throw LabelledFile.mistake(
                    path,
                    row.line,
                    "has \(row.fields.count) fields where the first line has \(names.count) names"
                )
            }
            var members: LabelledFile.Row = [:]
            for (name, field) in zip(names, row.fields) { members[name] = .some(field) }
            return (row.line, members)
        }
    }

    /// The columns' names and the rows, read by the separator that makes sense of the first line.
    private static func read(
        _ text: String,
        _ path: String
    ) throws(LLMError) -> (names: [String], rows: ArraySlice<CommaSeparatedValues.Row>) {
        var found: [String] = []
        for separator in CommaSeparatedValues.Separator.allCases {
            let header = try CommaSeparatedValues.rows(of: text, separatedBy: separator, upTo: 1, path: path)
            let fields = header.first?.fields ?? []
            let names = fields.map { $0.lowercased().filter { !$0.isWhitespace } }
            if layouts.contains(where: { $0.allSatisfy { !$0.filter(names.contains).isEmpty } }) {
                let rows = try CommaSeparatedValues.rows(of: text, separatedBy: separator, path: path)
                return (names, rows.dropFirst())
            }
            if fields.count > found.count { found = fields }
        }
        // An empty file has no rows, which is told of any.
        guard !found.isEmpty else { return ([], []) }
        let wanted = layouts.map { layout in list(layout.map { $0[0] }) }
        throw LabelledFile.mistake(
            path,
            1,
            "names the columns \(list(found)); a table needs \(wanted.joined(separator: ", or ")), separated by commas, semicolons or tabs: name them so in the first line"
        )
    }

    /// As in "'a', 'b' and 'same'". Without what is no name but text of somebody's.
    static func list(_ names: [String]) -> String {
        let words = names.prefix(8).map { name in
            name.count <= longestName && name.split(separator: " ").count <= 2 && !name.contains("?")
                ? "'\(name)'" : "a text of \(name.count) characters"
        }
        let more = names.count > words.count ? ["\(names.count - words.count) more"] : []
        let all = words + more
        guard let last = all.last, all.count > 1 else { return all.first ?? "nothing" }
        return all.dropLast().joined(separator: ", ") + " and " + last
    }
}
