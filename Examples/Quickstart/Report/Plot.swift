import CPlatform

/// Where values lie on an axis.
struct Scale {
    var values: ClosedRange<Double>
    var positions: (from: Double, to: Double)
    var isLogarithmic = false

    func callAsFunction(_ value: Double) -> Double {
        let share: Double
        if isLogarithmic {
            share = log(max(value, values.lowerBound) / values.lowerBound) / log(values.upperBound / values.lowerBound)
        } else {
            share = (value - values.lowerBound) / (values.upperBound - values.lowerBound)
        }
        return positions.from + min(1, max(0, share)) * (positions.to - positions.from)
    }

    /// About `count` round numbers: steps of 1, 2 or 5, or the powers of ten.
    func ticks(_ count: Int = 5) -> [Double] {
        if isLogarithmic {
            let first = Int(log10(values.lowerBound).rounded(.up))
            let last = Int(log10(values.upperBound).rounded(.down))
            return first <= last ? (first...last).map { pow(10, Double($0)) } : []
        }
        let rough = (values.upperBound - values.lowerBound) / Double(max(1, count))
        guard rough > 0 else { return [] }
        let magnitude = pow(10, log10(rough).rounded(.down))
        let step = [1, 2, 5, 10].map { $0 * magnitude }.first { $0 >= rough } ?? rough
        let first = (values.lowerBound / step).rounded(.up)
        return stride(from: first * step, through: values.upperBound + step * 1e-9, by: step).map { $0 }
    }
}

/// A drawing with two axes.
struct Plot {
    /// As wide as a phone's screen leaves it, so that its text is not made smaller there.
    static let width = 380.0
    static let height = 270.0

    var svg: SVG
    let x: Scale
    let y: Scale
    private static let margin = (left: 58.0, right: 14.0, top: 26.0, bottom: 44.0)

    /// Draws the axes; the title of the vertical one stands above it, level, because nobody likes to tilt their head.
    init(
        x: ClosedRange<Double>,
        y: ClosedRange<Double>,
        xTitle: String,
        yTitle: String,
        xIsLogarithmic: Bool = false,
        xLabel: (Double) -> String,
        yLabel: (Double) -> String
    ) {
        svg = SVG(width: Self.width, height: Self.height)
        let margin = Self.margin
        let bottom = Self.height - margin.bottom
        self.x = Scale(values: x, positions: (margin.left, Self.width - margin.right), isLogarithmic: xIsLogarithmic)
        self.y = Scale(values: y, positions: (bottom, margin.top))
        for tick in self.y.ticks(4) {
            svg.line(x1: margin.left, y1: self.y(tick), x2: Self.width - margin.right, y2: self.y(tick), class: "grid")
            svg.text(yLabel(tick), x: margin.left - 7, y: self.y(tick) + 4, anchor: .end, class: "tick")
        }
        svg.line(x1: margin.left, y1: bottom, x2: Self.width - margin.right, y2: bottom, class: "axis")
        for tick in self.x.ticks(5) {
            svg.line(x1: self.x(tick), y1: bottom, x2: self.x(tick), y2: bottom + 4, class: "axis")
            let label = xLabel(tick)
            // Below its tick, unless the drawing ends before the label does.
            let overflows = self.x(tick) + Double(label.count) * 4.3 > Self.width
            let x = overflows ? Self.width : self.x(tick)
            svg.text(label, x: x, y: bottom + 18, anchor: overflows ? .end : .middle, class: "tick")
        }
        svg.text(xTitle, x: (margin.left + Self.width - margin.right) / 2, y: Self.height - 6, anchor: .middle)
        svg.text(yTitle, x: 4, y: 13)
    }

    var bottom: Double { y.positions.from }
    var top: Double { y.positions.to }
    var left: Double { x.positions.from }
    var right: Double { x.positions.to }
}
