import ExampleSupport
import LLMKit

/// The run's figures in lines: for the terminal, and for the report's table.
struct Table {
    struct Row {
        var name: String
        var value: String
        var note = ""
    }

    let rows: [Row]

    init(_ summary: Summary) {
        let asked = summary.outcomes.count
        func share(_ part: Int, of whole: Int) -> String { Figures.percent(Double(part), of: Double(whole)) }
        func times(_ values: [Duration]) -> (p50: String, p99: String) {
            (
                Figures.quantile(0.5, of: values).map(Figures.time) ?? "–",
                Figures.quantile(0.99, of: values).map(Figures.time) ?? "–"
            )
        }
        func money(_ amount: Money?) -> String { amount.map(Self.dollars) ?? "unknown price" }
        let totals = times(summary.totals())
        let first = times(summary.firstTokens)
        let interrupted = summary.outcomes.count { $0.errorCode == .cancelled }
        let failures = summary.charges.count { $0.kind == .failed }
        rows = [
            Row(
                name: "questions",
                value: Figures.grouped(asked),
                note: asked < summary.setup.questions ? "of \(summary.setup.questions); stopped early" : ""
            ),
            Row(
                name: "cache hits",
                value: Figures.grouped(summary.count(.cache)),
                note: share(summary.count(.cache), of: asked)
            ),
            Row(
                name: "asked in other words",
                value: Figures.grouped(summary.count(.similar)),
                note: summary.setup.embedder == nil
                    ? "no semantic cache: `make embedder` fetches what it needs"
                    : share(summary.count(.similar), of: asked) + ", \(summary.wrongHits) of them wrong"
            ),
            Row(
                name: "cheap model kept",
                value: Figures.grouped(summary.count(.cheap)),
                note: share(summary.count(.cheap), of: summary.misses) + " of the misses"
            ),
            Row(
                name: "escalations",
                value: Figures.grouped(summary.count(.strong)),
                note: share(summary.count(.strong), of: summary.misses) + " of the misses"
            ),
            Row(
                name: "failed questions",
                value: Figures.grouped(summary.count(.failed)),
                note: interrupted > 0 ? "\(interrupted) of them interrupted" : ""
            ),
            Row(
                name: "calls",
                value: Figures.grouped(summary.calls),
                note: "\(summary.retries) retries, \(failures) failed calls"
            ),
            Row(name: "paid", value: money(summary.paid)),
            Row(
                name: "baseline",
                value: money(summary.baseline),
                note: "\(summary.setup.strong) for everything, no cache"
            ),
            Row(
                name: "saved",
                value: money(summary.saved),
                note: summary.savedShare.map { $0 + " of the baseline" } ?? ""
            ),
            Row(name: "answer p50 / p99", value: "\(totals.p50) / \(totals.p99)"),
            Row(name: "first token p50 / p99", value: "\(first.p50) / \(first.p99)"),
            Row(
                name: "elapsed",
                value: Figures.time(summary.elapsed),
                note: "\(summary.setup.concurrency) questions in flight at most"
            ),
        ]
    }

    /// The table for a terminal, in aligned columns.
    var text: String {
        let name = rows.map(\.name.count).max() ?? 0
        let value = rows.map(\.value.count).max() ?? 0
        return rows.map { row in
            var line = "  " + row.name + String(repeating: " ", count: name - row.name.count + 2)
            line += String(repeating: " ", count: value - row.value.count) + row.value
            return row.note.isEmpty ? line : line + "   " + row.note
        }.joined(separator: "\n")
    }

    /// An amount with as many digits as matter: cents for dollars, more for fractions of a cent.
    static func dollars(_ amount: Money) -> String {
        let size = abs(amount.dollars)
        let places = size >= 100 ? 2 : size >= 0.01 ? 4 : 6
        return (amount < .zero ? "-$" : "$") + Figures.fixed(size, places)
    }
}
