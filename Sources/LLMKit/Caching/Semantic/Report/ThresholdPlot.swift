import CPlatform

/// A picture of what thresholds would give: above the hit rate, below the wrong share with its upper confidence limit.
///
/// The image is one SVG document without references to anything else.
package struct ThresholdPlot: Sendable {
    package var points: [ThresholdPoint]
    package var title: String
    /// The threshold in force, drawn as a line.
    package var threshold: Double?
    /// The wrong share that is allowed, drawn as a line.
    package var bound: Double?

    package init(_ points: [ThresholdPoint], title: String, threshold: Double? = nil, bound: Double? = nil) {
        self.points = points
        self.title = title
        self.threshold = threshold
        self.bound = bound
    }

    // About as wide as a phone's screen, so that its text is not made smaller there.
    private static let width = 400.0
    fileprivate static let left = 58.0
    fileprivate static let right = 376.0
    private static let (upperTop, upperBottom) = (38.0, 188.0)
    private static let (lowerTop, lowerBottom) = (228.0, 378.0)
    /// Where the legend begins, below the title, and how high each of its lines is.
    private static let (legendTop, legendLine) = (48.0, 20.0)

    /// The image.
    package var svg: String {
        let sorted = points.filter(\.isDrawable).sorted { $0.threshold < $1.threshold }
        guard let first = sorted.first, let last = sorted.last else {
            return Self.document(title, ["<text x=\"12\" y=\"20\">no data</text>"], legend: [])
        }
        let axis = ThresholdAxis(from: first.threshold, to: last.threshold, left: Self.left, right: Self.right)
        let highest = max(sorted.map(\.wrongShare).max() ?? 0, (bound ?? 0) * 2, 0.001)
        let upper = ShareAxis(highest: sorted.map(\.hitShare).max() ?? 1, top: Self.upperTop, bottom: Self.upperBottom)
        let lower = ShareAxis(highest: highest, top: Self.lowerTop, bottom: Self.lowerBottom)
        var body: [String] = []
        body += upper.drawn(axis, label: "hit rate")
        body += lower.drawn(axis, label: "wrong share of hits")
        body += axis.drawn(at: Self.lowerBottom, top: Self.upperTop, label: "threshold")

        let limit = sorted.map { (axis.x($0.threshold), lower.y($0.limit)) }
        let share = sorted.map { (axis.x($0.threshold), lower.y($0.wrongShare)) }
        body.append(
            "<polygon points=\"\(Self.path(limit + share.reversed()))\" fill=\"#c2410c\" fill-opacity=\"0.18\"/>"
        )
        body.append(Self.line(share, "#c2410c"))
        body.append(Self.line(sorted.map { (axis.x($0.threshold), upper.y($0.hitShare)) }, "#1d4ed8"))
        var legend = [
            ("#1d4ed8", "hit rate", false), ("#c2410c", "wrong share, shaded up to its upper limit", false),
        ]
        if let bound {
            let y = lower.y(bound)
            body.append(Self.dashes(Self.left, y, Self.right, y, "#111827"))
            legend.append(("#111827", "allowed: \(bound.asPercent)", true))
        }
        if let threshold, axis.contains(threshold) {
            let x = axis.x(threshold)
            body.append(Self.dashes(x, Self.upperTop, x, Self.lowerBottom, "#15803d"))
            legend.append(("#15803d", "in force", true))
        }
        return Self.document(title, body, legend: Self.drawn(legend))
    }

    /// One entry to a line.
    private static func drawn(_ legend: [(color: String, text: String, isDashed: Bool)]) -> [String] {
        legend.enumerated().map { index, entry in
            let y = legendTop + legendLine * Double(index)
            let dash = entry.isDashed ? " stroke-dasharray=\"5 4\"" : ""
            return
                "<line x1=\"12\" y1=\"\(number(y))\" x2=\"34\" y2=\"\(number(y))\" stroke=\"\(entry.color)\" stroke-width=\"2\"\(dash)/>"
                + "<text x=\"42\" y=\"\(number(y + 5))\">\(entry.text)</text>"
        }
    }

    /// The title, the legend, and below it the drawing. A title too long for the width is made narrower rather than cut off.
    private static func document(_ title: String, _ body: [String], legend: [String]) -> String {
        let top = legendTop + legendLine * Double(legend.count)
        let height = top + lowerBottom + 52
        // A letter takes about 8.6 of the 16 units that it is high.
        let fitted =
            Double(title.count) * 8.6 > width - 24
            ? " textLength=\"\(number(width - 24))\" lengthAdjust=\"spacingAndGlyphs\"" : ""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" width="\(number(width * 1.4))" \
            height="\(number(height * 1.4))" style="max-width:100%;height:auto" font-family="system-ui, sans-serif" font-size="13" \
            fill="#111827">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="12" y="26" font-size="16" font-weight="600"\(fitted)>\(escaped(title))</text>
            \(legend.joined(separator: "\n"))
            <g transform="translate(0 \(number(top)))">
            \(body.joined(separator: "\n"))
            </g>
            </svg>

            """
    }

    private static func line(_ points: [(x: Double, y: Double)], _ color: String) -> String {
        "<polyline points=\"\(path(points))\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\" stroke-linejoin=\"round\"/>"
    }

    private static func dashes(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"\(color)\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\"/>"
    }

    private static func path(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    fileprivate static func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    private static func escaped(_ text: String) -> String {
        text.flatMap { character -> String in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: String(character)
            }
        }.reduce(into: "") { $0.append($1) }
    }
}

extension ThresholdPoint {
    fileprivate var isDrawable: Bool {
        threshold.isFinite && hitShare.isFinite && wrongShare.isFinite && limit.isFinite
    }
}

/// The shared horizontal axis. Trust piles up just below 1, so where it does the axis is drawn in log-odds.
private struct ThresholdAxis {
    private let low: Double
    private let high: Double
    private let left: Double
    private let right: Double
    private let isLogOdds: Bool

    init(from low: Double, to high: Double, left: Double, right: Double) {
        isLogOdds = low > 0 && high <= 1 && high > 0.99
        self.left = left
        self.right = right
        let (start, end) = isLogOdds ? (Self.logOdds(low), Self.logOdds(high)) : (low, high)
        self.low = start
        self.high = end > start ? end : start + 1
    }

    private static func logOdds(_ share: Double) -> Double {
        let share = min(max(share, 1e-3), 1 - 1e-4)
        return log(share / (1 - share))
    }

    func contains(_ threshold: Double) -> Bool { (left - 0.5...right + 0.5).contains(x(threshold)) }

    func x(_ threshold: Double) -> Double {
        let place = isLogOdds ? Self.logOdds(threshold) : threshold
        return left + (place - low) / (high - low) * (right - left)
    }

    private var ticks: [Double] {
        if isLogOdds { return [0.01, 0.1, 0.5, 0.9, 0.99, 0.999].filter(contains) }
        let step = ShareAxis.step(high - low)
        return (0...20).map { (low / step).rounded(.up) * step + Double($0) * step }.filter(contains)
    }

    func drawn(at y: Double, top: Double, label: String) -> [String] {
        let marks = ticks.flatMap { tick in
            let x = ThresholdPlot.number(x(tick))
            let text = "\((tick * 10_000).rounded() / 10_000)"
            return [
                "<line x1=\"\(x)\" y1=\"\(ThresholdPlot.number(y))\" x2=\"\(x)\" y2=\"\(ThresholdPlot.number(y + 5))\" stroke=\"#6b7280\"/>",
                "<text x=\"\(x)\" y=\"\(ThresholdPlot.number(y + 20))\" text-anchor=\"middle\">\(text)</text>",
            ]
        }
        let middle = ThresholdPlot.number((left + right) / 2)
        return marks + [
            "<text x=\"\(middle)\" y=\"\(ThresholdPlot.number(y + 42))\" text-anchor=\"middle\">\(label)</text>"
        ]
    }
}

/// A vertical axis of shares, from 0.
private struct ShareAxis {
    private let highest: Double
    private let step: Double
    private let top: Double
    private let bottom: Double

    init(highest: Double, top: Double, bottom: Double) {
        step = Self.step(max(highest, 1e-6))
        self.highest = (max(highest, 1e-6) / step).rounded(.up) * step
        self.top = top
        self.bottom = bottom
    }

    /// A round distance that divides the span into about five.
    static func step(_ span: Double) -> Double {
        let raw = span / 5
        let power = pow(10, floor(log10(raw)))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10
        return factor * power
    }

    /// Where a share is drawn; what is higher than the axis, at its end.
    func y(_ share: Double) -> Double { bottom - min(1, share / highest) * (bottom - top) }

    func drawn(_ axis: ThresholdAxis, label: String) -> [String] {
        let count = Int((highest / step).rounded())
        let (left, right) = (ThresholdPlot.number(ThresholdPlot.left), ThresholdPlot.number(ThresholdPlot.right))
        let lines = (0...max(1, count)).flatMap { place in
            let share = Double(place) * step
            let y = ThresholdPlot.number(y(share))
            return [
                "<line x1=\"\(left)\" y1=\"\(y)\" x2=\"\(right)\" y2=\"\(y)\" stroke=\"\(place == 0 ? "#6b7280" : "#e5e7eb")\"/>",
                "<text x=\"\(ThresholdPlot.number(ThresholdPlot.left - 6))\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">\(share.asPercent)</text>",
            ]
        }
        return lines + ["<text x=\"12\" y=\"\(ThresholdPlot.number(top - 16))\" fill=\"#4b5563\">\(label)</text>"]
    }
}

extension CacheReport {
    /// What other thresholds would have given, as an SVG image.
    /// - Parameters:
    ///   - title: what stands above it.
    ///   - bound: the wrong share that is allowed, drawn as a line.
    /// - Returns: the image's text.
    public func plot(title: String = "Semantic cache: hit rate and wrong share", bound: Double? = nil) -> String {
        ThresholdPlot(curve, title: title, threshold: threshold, bound: bound).svg
    }
}

extension Calibration {
    /// What other thresholds would have given on the samples of the fullest caches, as an SVG image.
    public func plot(title: String = "Calibration: hit rate and wrong share") -> String {
        let stage = stages.first
        return ThresholdPlot(stage?.curve ?? [], title: title, threshold: stage?.threshold, bound: goal.wrongShare).svg
    }
}
