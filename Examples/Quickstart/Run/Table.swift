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
        func times(_ values: [Duration]) -> (p50: String, p99: String) {
            (
                Figures.quantile(0.5, of: values).map(Figures.time) ?? "–",
                Figures.quantile(0.99, of: values).map(Figures.time) ?? "–"
            )
        }
        func ofQuestions(_ part: Int) -> String {
            Figures.percent(Double(part), of: Double(asked)) + " of the questions"
        }
        func money(_ amount: Money?) -> String { amount.map(summary.amounts.text) ?? "unknown price" }
        let totals = times(summary.totals())
        let first = times(summary.firstTokens)
        let interrupted = summary.outcomes.count { $0.errorCode == .cancelled }
        let isSemantic = summary.setup.embedder != nil
        let failures = summary.charges.count { $0.kind == .failed }
        rows = [
            Row(
                name: "questions",
                value: Figures.grouped(asked),
                note: asked < summary.setup.questions
                    ? "of \(Figures.grouped(summary.setup.questions)); stopped early" : ""
            ),
            Row(
                name: "result cache hits",
                value: Figures.grouped(summary.count(.cache)),
                note: ofQuestions(summary.count(.cache))
            ),
            Row(
                name: "semantic cache hits",
                value: isSemantic ? Figures.grouped(summary.count(.similar)) : "off",
                note: isSemantic
                    ? ofQuestions(summary.count(.similar)) + ", \(Figures.grouped(summary.wrongHits)) wrong"
                    : "`make embedder` fetches what it needs"
            ),
            Row(
                name: "cheap model kept",
                value: Figures.grouped(summary.count(.cheap)),
                note: ofQuestions(summary.count(.cheap))
            ),
            Row(
                name: "escalations",
                value: Figures.grouped(summary.count(.strong)),
                note: ofQuestions(summary.count(.strong))
            ),
            Row(
                name: "failed questions",
                value: Figures.grouped(summary.count(.failed)),
                note: interrupted > 0 ? "\(interrupted) of them interrupted" : ""
            ),
            Row(
                name: "calls",
                value: Figures.grouped(summary.calls),
                note: "\(Figures.grouped(summary.retries)) retries, \(Figures.grouped(failures)) failed calls"
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
}
