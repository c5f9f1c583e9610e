enum HTML {
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// Escaped text in which what stands between backticks is code, as a terminal's reader expects it.
    static func inline(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return escape(text) }
        return parts.enumerated().map { index, part in
            index % 2 == 1 ? "<code>\(escape(String(part)))</code>" : escape(String(part))
        }.joined()
    }

    /// A table with a header row. One of more than three columns is `wide`: where a screen is narrow, its rows become lists,
    /// and the cells bring the names of their columns along.
    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let head = header.map { "<th scope=\"col\">\(inline($0))</th>" }.joined()
        let body = rows.map { row in
            let cells = row.enumerated().map { index, cell in
                guard index > 0 else { return "<th scope=\"row\">\(inline(cell))</th>" }
                let name = index < header.count ? " data-column=\"\(escape(header[index]))\"" : ""
                return "<td\(name)>\(inline(cell))</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        let width = header.count > 3 ? " class=\"wide\"" : ""
        return "<table\(width)><thead><tr>\(head)</tr></thead><tbody>\(body.joined())</tbody></table>"
    }
}
