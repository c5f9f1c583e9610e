import ExampleSupport

/// Collects the elements of one drawing, in the units of its view box; text is escaped.
struct SVG {
    let width: Double
    let height: Double
    private var elements: [String] = []

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    enum Anchor: String { case start, middle, end }

    mutating func rectangle(
        x: Double,
        y: Double,
        width: Double,
        height: Double,
        class name: String,
        rounded: Double = 0,
        hint: String? = nil
    ) {
        let corner = rounded > 0 ? " rx=\"\(number(rounded))\"" : ""
        add(
            "rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(0, width)))\""
                + " height=\"\(number(max(0, height)))\"\(corner) class=\"\(name)\"",
            hint: hint
        )
    }

    mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, class name: String) {
        add(
            "line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" class=\"\(name)\""
        )
    }

    mutating func path(_ points: [(x: Double, y: Double)], class name: String) {
        guard let first = points.first else { return }
        var d = "M\(number(first.x)) \(number(first.y))"
        for point in points.dropFirst() { d += "L\(number(point.x)) \(number(point.y))" }
        add("path d=\"\(d)\" class=\"\(name)\"")
    }

    mutating func circle(x: Double, y: Double, radius: Double, class name: String, hint: String? = nil) {
        add("circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\" class=\"\(name)\"", hint: hint)
    }

    mutating func text(_ text: String, x: Double, y: Double, anchor: Anchor = .start, class name: String = "label") {
        elements.append(
            "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor.rawValue)\" class=\"\(name)\">"
                + HTML.escape(text) + "</text>"
        )
    }

    /// The drawing, with a title and a description that screen readers read out.
    func render(id: String, title: String, description: String) -> String {
        """
        <svg viewBox="0 0 \(number(width)) \(number(height))" role="img" aria-labelledby="\(id)-t \(id)-d">
        <title id="\(id)-t">\(HTML.escape(title))</title><desc id="\(id)-d">\(HTML.escape(description))</desc>
        \(elements.joined(separator: "\n"))
        </svg>
        """
    }

    private mutating func add(_ element: String, hint: String? = nil) {
        if let hint {
            let name = element.prefix { $0 != " " }
            elements.append("<\(element)><title>\(HTML.escape(hint))</title></\(name)>")
        } else {
            elements.append("<\(element)/>")
        }
    }

    private func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
