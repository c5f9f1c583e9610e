import ExampleSupport
import LLMKit

extension Figure {
    /// Which part of the questions each kind of answer served.
    static func origins(_ summary: Summary) -> Figure {
        let total = Double(max(1, summary.outcomes.count))
        let origins = Outcome.Origin.allCases.filter { summary.count($0) > 0 }
        var svg = SVG(width: Plot.width, height: 84 + 38 * Double(origins.count))
        var x = 0.0
        for origin in origins {
            let width = Double(summary.count(origin)) / total * Plot.width
            svg.rectangle(x: x, y: 6, width: max(0, width - 2), height: 56, class: origin.rawValue, rounded: 3)
            x += width
        }
        for (index, origin) in origins.enumerated() {
            let y = 100 + 38 * Double(index)
            svg.rectangle(x: 0, y: y - 12, width: 14, height: 14, class: origin.rawValue, rounded: 3)
            svg.text(origin.label, x: 24, y: y)
            svg.text(Figures.grouped(summary.count(origin)), x: Plot.width - 76, y: y, anchor: .end, class: "value")
            svg.text(
                Figures.percent(Double(summary.count(origin)), of: total),
                x: Plot.width,
                y: y,
                anchor: .end,
                class: "value"
            )
        }
        return Figure(
            id: "origins",
            title: "Who answered",
            caption:
                "\(Figures.percent(Double(summary.hits), of: total)) of the questions were answered from caches; "
                + "\(Figures.percent(Double(summary.count(.strong)), of: total)) of the questions went on to "
                + "\(summary.setup.strong).",
            svg: svg,
            header: ["answer", "questions", "share of the questions"],
            rows: origins.map { origin in
                [
                    origin.label, Figures.grouped(summary.count(origin)),
                    Figures.percent(Double(summary.count(origin)), of: total),
                ]
            }
        )
    }

    /// How sure the signal was of the cheap model's answers, and where the line was drawn.
    static func confidence(_ summary: Summary) -> Figure {
        let bins = 25
        let threshold = summary.setup.threshold
        var counts = [Int](repeating: 0, count: bins)
        for value in summary.confidences { counts[min(bins - 1, max(0, Int(value * Double(bins))))] += 1 }
        var plot = Plot(
            x: 0...1,
            y: 0...Double(max(4, counts.max() ?? 0)) * 1.12,
            xTitle: "confidence in the cheap model's answer",
            yTitle: "answers",
            xLabel: { Figures.fixed($0, 1) },
            yLabel: { Figures.fixed($0, 0) }
        )
        for (index, count) in counts.enumerated() where count > 0 {
            let low = Double(index) / Double(bins)
            let high = Double(index + 1) / Double(bins)
            plot.svg.rectangle(
                x: plot.x(low) + 1,
                y: plot.y(Double(count)),
                width: plot.x(high) - plot.x(low) - 2,
                height: plot.bottom - plot.y(Double(count)),
                class: low + high < 2 * threshold ? "strong" : "cheap",
                hint: "\(Figures.fixed(low, 2)) to \(Figures.fixed(high, 2)): \(Figures.grouped(count))"
            )
        }
        plot.svg.line(
            x1: plot.x(threshold),
            y1: plot.top - 6,
            x2: plot.x(threshold),
            y2: plot.bottom,
            class: "threshold"
        )
        plot.svg.text(
            "threshold \(Figures.fixed(threshold, 2))",
            x: plot.x(threshold) - 6,
            y: plot.top + 4,
            anchor: .end,
            class: "value"
        )
        let below = summary.confidences.count { $0 < threshold }
        let kept = summary.confidences.count - below
        return Figure(
            id: "confidence",
            title: "Confidence",
            caption:
                "By \(summary.setup.signal). The answers to \(Figures.grouped(below)) questions fell below the threshold, "
                + "and \(summary.setup.strong) was asked; those to \(Figures.grouped(kept)) were kept.",
            svg: plot.svg,
            legend: [("escalated", "strong"), ("kept", "cheap")],
            header: ["confidence", "answers"],
            rows: counts.indices.filter { counts[$0] > 0 }.map { index in
                let low = Figures.fixed(Double(index) / Double(bins), 2)
                let high = Figures.fixed(Double(index + 1) / Double(bins), 2)
                return ["\(low) to \(high)", Figures.grouped(counts[index])]
            }
        )
    }

    /// How long answers took, by where they came from.
    static func latency(_ summary: Summary) -> Figure {
        let origins = ([.cache, .similar, .cheap, .strong] as [Outcome.Origin]).filter { !summary.totals($0).isEmpty }
        let all = summary.totals().map(\.milliseconds)
        // Whole powers of ten, so that every label stands on a tick.
        var low = 1.0
        while low > (all.min() ?? 1), low > 1e-3 { low /= 10 }
        var high = low * 10
        while high < (all.max() ?? 1) { high *= 10 }
        let rowHeight = 74.0
        let bottom = 8 + rowHeight * Double(origins.count)
        let scale = Scale(values: low...high, positions: (8, Plot.width - 12), isLogarithmic: true)
        var svg = SVG(width: Plot.width, height: bottom + 46)
        let ticks = scale.ticks()
        for (index, tick) in ticks.enumerated() {
            svg.line(x1: scale(tick), y1: 8, x2: scale(tick), y2: bottom, class: "grid")
            // Labels of more than six powers of ten would touch.
            guard ticks.count <= 6 || index % 2 == 0 else { continue }
            let anchor: SVG.Anchor = tick <= low ? .start : tick >= high ? .end : .middle
            let label = Figures.time(.nanoseconds(Int64(tick * 1e6)))
            svg.text(label.trimmingZeros, x: scale(tick), y: bottom + 18, anchor: anchor, class: "tick")
        }
        svg.text("time until the whole answer", x: Plot.width / 2, y: bottom + 40, anchor: .middle)
        let bins = 48
        let step = (scale.positions.to - scale.positions.from) / Double(bins)
        for (row, origin) in origins.enumerated() {
            let base = 8 + rowHeight * Double(row + 1)
            var counts = [Int](repeating: 0, count: bins)
            for value in summary.totals(origin).map(\.milliseconds) {
                counts[min(bins - 1, max(0, Int((scale(value) - scale.positions.from) / step)))] += 1
            }
            let highest = Double(max(1, counts.max() ?? 1))
            for (bin, count) in counts.enumerated() where count > 0 {
                let height = max(2, Double(count) / highest * (rowHeight - 26))
                svg.rectangle(
                    x: scale.positions.from + Double(bin) * step + 0.5,
                    y: base - height,
                    width: step - 1,
                    height: height,
                    class: origin.rawValue
                )
            }
            svg.line(x1: 8, y1: base, x2: Plot.width - 12, y2: base, class: "axis")
            svg.text(origin.label, x: 10, y: base - rowHeight + 17)
        }
        return Figure(
            id: "latency",
            title: "Latency",
            caption: "The time axis is logarithmic; the height of each row is its own.",
            svg: svg,
            header: ["answer", "questions", "p50", "p90", "p99"],
            rows: origins.map { origin in
                let values = summary.totals(origin)
                return [origin.label, Figures.grouped(values.count)]
                    + [0.5, 0.9, 0.99].map { Figures.quantile($0, of: values).map(Figures.time) ?? "–" }
            }
        )
    }
}

extension String {
    /// `"1.00 ms"` as `"1 ms"`.
    fileprivate var trimmingZeros: String {
        let halves = split(separator: " ")
        guard let number = halves.first, number.contains("."), halves.count == 2 else { return self }
        var digits = number
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return "\(digits) \(halves[1])"
    }
}
