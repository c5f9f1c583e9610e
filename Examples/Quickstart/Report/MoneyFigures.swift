import ExampleSupport
import LLMKit

extension Figure {
    /// What was paid against what the strong model alone would have cost, question by question.
    static func cumulativeCost(_ summary: Summary) -> Figure {
        let amounts = summary.amounts
        var paid = Money.zero
        var baseline = Money.zero
        var points: [(paid: Double, baseline: Double)] = [(0, 0)]
        for outcome in summary.outcomes {
            paid += outcome.paid ?? .zero
            baseline += outcome.baseline ?? .zero
            points.append((paid.dollars, baseline.dollars))
        }
        let count = Double(max(1, summary.outcomes.count))
        let most = max(paid.dollars, baseline.dollars, 1e-6)
        var plot = Plot(
            x: 0...count,
            y: 0...most * 1.08,
            xTitle: "questions asked",
            yTitle: "US dollars, summed",
            xLabel: { Figures.fixed($0, 0) },
            yLabel: { "$" + Figures.fixed($0, most >= 4 ? 0 : most >= 0.4 ? 1 : most >= 0.04 ? 2 : 4) }
        )
        func curve(_ value: KeyPath<(paid: Double, baseline: Double), Double>) -> [(x: Double, y: Double)] {
            points.enumerated().map { (plot.x(Double($0.offset)), plot.y($0.element[keyPath: value])) }
        }
        plot.svg.path(
            [(plot.left, plot.bottom)] + curve(\.paid) + [(plot.right, plot.bottom)],
            class: "area paid"
        )
        plot.svg.path(curve(\.baseline), class: "curve baseline")
        plot.svg.path(curve(\.paid), class: "curve paid")
        let marks = stride(from: 0, through: points.count - 1, by: max(1, (points.count - 1) / 8))
        return Figure(
            id: "cost",
            title: "Paid and baseline",
            caption: "\(amounts.text(paid)) was paid; \(summary.setup.strong) for every question, without caches, "
                + "would have cost \(amounts.text(baseline)).",
            svg: plot.svg,
            legend: [("baseline", "baseline"), ("paid", "paid")],
            header: ["questions", "paid", "baseline"],
            rows: marks.map { index in
                [
                    Figures.grouped(index), amounts.text(dollars: points[index].paid),
                    amounts.text(dollars: points[index].baseline),
                ]
            }
        )
    }

    /// The way from the baseline to what was paid, part by part.
    static func savings(_ summary: Summary) -> Figure {
        let amounts = summary.amounts
        let baseline = summary.baseline ?? .zero
        let paid = summary.paid ?? .zero
        var bars: [(name: String, from: Money, to: Money, class: String)] = [("baseline", .zero, baseline, "baseline")]
        var level = baseline
        for step in summary.steps {
            bars.append((step.name, level, level - step.amount, step.amount < .zero ? "strong" : "cache"))
            level -= step.amount
        }
        bars.append(("paid", .zero, paid, "paid"))
        let highest = bars.map { max($0.from, $0.to).dollars }.max() ?? 0
        let scale = Scale(values: 0...max(highest, 1e-9), positions: (130, Plot.width - 86))
        let pitch = 40.0
        func signed(_ amount: Money) -> String { (amount > .zero ? "+" : "") + amounts.text(amount) }
        var svg = SVG(width: Plot.width, height: pitch * Double(bars.count) + 8)
        for (index, bar) in bars.enumerated() {
            let y = 8 + pitch * Double(index)
            let low = scale(min(bar.from, bar.to).dollars)
            let high = scale(max(bar.from, bar.to).dollars)
            let isTotal = index == 0 || index == bars.count - 1
            let amount = isTotal ? bar.to : bar.to - bar.from
            svg.text(bar.name, x: 122, y: y + 19, anchor: .end)
            svg.rectangle(x: low, y: y, width: max(1.5, high - low), height: 28, class: bar.class, rounded: 3)
            svg.text(isTotal ? amounts.text(amount) : signed(amount), x: high + 7, y: y + 19, class: "value")
            if index < bars.count - 1 {
                let edge = scale(bar.to.dollars)
                svg.line(x1: edge, y1: y + 28, x2: edge, y2: y + pitch, class: "grid")
            }
        }
        return Figure(
            id: "savings",
            title: "Where the difference comes from",
            caption:
                "Each step is counted per call; before they are rounded for this page, they add up to the picodollar. "
                + "Answers that were not used (rejected, failed, interrupted) are the price of asking the cheap model first.",
            svg: svg,
            header: ["step", "amount"],
            rows: [["baseline", amounts.text(baseline)]] + summary.steps.map { [$0.name, signed(-$0.amount)] } + [
                ["paid", amounts.text(paid)]
            ]
        )
    }

    /// What each question cost, by where its answer came from.
    static func costPerQuestion(_ summary: Summary) -> Figure {
        let costs = summary.outcomes.map { ($0, ($0.paid ?? .zero).dollars * 1000) }
        let most = max(costs.map(\.1).max() ?? 0, 1e-4)
        var plot = Plot(
            x: 0...Double(max(1, summary.outcomes.count)),
            y: 0...most * 1.08,
            xTitle: "question, in the order of the file",
            yTitle: "US dollars per thousand such questions",
            xLabel: { Figures.fixed($0, 0) },
            yLabel: { "$" + Figures.fixed($0, most < 1 ? 2 : most < 20 ? 1 : 0) }
        )
        for (outcome, cost) in costs {
            plot.svg.circle(
                x: plot.x(Double(outcome.number) + 0.5),
                y: plot.y(cost),
                radius: 3.2,
                class: "dot \(outcome.origin.rawValue)"
            )
        }
        let origins = Outcome.Origin.allCases.filter { summary.count($0) > 0 }
        return Figure(
            id: "each",
            title: "Cost of each question",
            caption: "A hit costs nothing; an escalated question pays for both models.",
            svg: plot.svg,
            legend: origins.map { ($0.label, $0.rawValue) },
            header: ["answer", "questions", "mean per thousand", "highest per thousand"],
            rows: origins.map { origin in
                let own = costs.filter { $0.0.origin == origin }.map(\.1)
                let mean = own.reduce(0, +) / Double(max(1, own.count))
                return [
                    origin.label, Figures.grouped(own.count), summary.amounts.text(dollars: mean),
                    summary.amounts.text(dollars: own.max() ?? 0),
                ]
            }
        )
    }
}
