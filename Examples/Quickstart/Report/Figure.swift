/// One drawing of the report: its heading, what it shows in words, and its numbers as a table for whoever cannot see it.
struct Figure {
    var id: String
    var title: String
    /// What to see in it, in a sentence or two.
    var caption: String
    var svg: SVG
    /// The names of the colours used.
    var legend: [(name: String, class: String)] = []
    var header: [String]
    var rows: [[String]]

    var html: String {
        let legend = legend.map { "<li><i class=\"\($0.class)\"></i>\(HTML.escape($0.name))</li>" }.joined()
        return """
            <figure>
            <h2>\(HTML.escape(title))</h2>
            \(legend.isEmpty ? "" : "<ul class=\"legend\">\(legend)</ul>")
            \(svg.render(id: id, title: title, description: caption))
            <figcaption>\(HTML.escape(caption))</figcaption>
            <details><summary>Numbers</summary>\(HTML.table(header, rows))</details>
            </figure>
            """
    }
}

extension Outcome.Origin {
    var label: String {
        switch self {
        case .cache: "result cache"
        case .similar: "semantic cache"
        case .cheap: "cheap model kept"
        case .strong: "escalated"
        case .failed: "failed"
        }
    }
}
