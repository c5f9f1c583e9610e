import ExampleSupport
import LLMKit

/// The run as one HTML file that needs nothing else: no scripts, no fonts, no network.
struct Report {
    let summary: Summary

    var html: String {
        let arePricesKnown = summary.paid != nil && summary.baseline != nil
        let judged: [Figure] = summary.confidences.isEmpty ? [] : [.confidence(summary)]
        let answers: [Figure] = [.origins(summary)] + judged + [.latency(summary)]
        let figures: [Figure] =
            arePricesKnown
            ? [.cumulativeCost(summary), .savings(summary)] + answers + [.costPerQuestion(summary)] : answers
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <header>
            \(notice)
            <h1>\(title)</h1>
            <p>\(HTML.escape(lead))</p>
            </header>
            <main>
            <section class="tiles" aria-label="Summary">\(tiles)</section>
            <div class="figures">
            \(figures.map(\.html).joined(separator: "\n"))
            </div>
            <section class="tables">
            <div class="run"><h2>The whole run\(mark)</h2>\(overview)</div>
            <div><h2>By model\(mark)</h2>\(models)</div>
            </section>
            </main>
            <footer>Every figure comes from the ledger's rows and the answers of this run. Prices are list prices. Amounts are \
            rounded to \(summary.amounts.places) decimals; the ledger has them to the picodollar.</footer>
            </body>
            </html>

            """
    }

    private var title: String { "LLMKit: \(Figures.grouped(summary.outcomes.count)) support questions" }

    private var lead: String {
        "\(summary.setup.cheap) is asked first. Where the confidence in its answer (by \(summary.setup.signal)) is below "
            + "\(Figures.fixed(summary.setup.threshold, 2)), \(summary.setup.strong) is asked too. Repeated questions "
            + "are answered from the result cache"
            + (summary.setup.embedder.map { ", and those asked in other words from the semantic cache (\($0))" } ?? "")
            + ". \(summary.setup.vendors)"
    }

    private var mark: String { summary.setup.isSimulated ? " <small>simulated vendors</small>" : "" }

    private var notice: String {
        guard summary.setup.isSimulated else { return "" }
        return """
            <p class="notice" role="note"><strong>SIMULATED VENDORS.</strong> No language model was asked. Answers, latencies \
            and confidences come from two make-believe vendors on this machine; requests, retries, token counts and the \
            arithmetic of the bill are real, at the list prices of the models they imitate.</p>
            """
    }

    private var tiles: String {
        func money(_ amount: Money?) -> String { amount.map(summary.amounts.text) ?? "unknown" }
        let asked = Double(summary.outcomes.count)
        let values: [(name: String, value: String, note: String)] = [
            ("paid", money(summary.paid), "for every call"),
            ("baseline", money(summary.baseline), "\(summary.setup.strong), no cache"),
            ("saved", summary.savedShare ?? "unknown", "of the baseline"),
            ("cache hits", Figures.percent(Double(summary.hits), of: asked), "of the questions"),
            ("escalations", Figures.percent(Double(summary.count(.strong)), of: asked), "of the questions"),
            ("answer p50", Figures.quantile(0.5, of: summary.totals()).map(Figures.time) ?? "–", "until its end"),
        ]
        return values.map { tile in
            "<div><span>\(tile.name)</span><b>\(HTML.escape(tile.value))</b><span>\(HTML.escape(tile.note))</span></div>"
        }.joined()
    }

    private var overview: String {
        HTML.table(["figure", "value", "note"], Table(summary).rows.map { [$0.name, $0.value, $0.note] })
    }

    private var models: String {
        HTML.table(
            ["model", "calls", "tokens in", "of them cached", "tokens out", "cost"],
            summary.models.map { row in
                [
                    row.name, Figures.grouped(row.calls), Figures.grouped(row.input), Figures.grouped(row.cached),
                    Figures.grouped(row.output), row.cost.map(summary.amounts.text) ?? "unknown price",
                ]
            }
        )
    }
}
