import ExampleSupport
import Testing

@testable import LLMKit
@testable import Quickstart

/// What a reader of the page sees, on a phone as well.
@Suite struct `Quickstart report page` {
    @Test func `one denominator for shares of questions, and it is named`() throws {
        let summary = try `Quickstart report`.summary(questions: 300)
        let share = Figures.percent(Double(summary.count(.strong)), of: 300)
        let html = Report(summary: summary).html
        #expect(html.contains("<span>escalations</span><b>\(share)</b><span>of the questions</span>"))
        #expect(html.contains("\(share) of the questions went on to"))
        #expect(Table(summary).rows.first { $0.name == "escalations" }?.note == "\(share) of the questions")
        #expect(!html.contains("of the misses") && !html.contains("of the rest"))
    }

    @Test(arguments: [20, 300, 3_000])
    func `amounts are rounded alike`(questions: Int) throws {
        let summary = try `Quickstart report`.summary(questions: questions)
        let html = Report(summary: summary).html.replacing(/<text [^>]*class="tick">[^<]*<\/text>/, with: "")
        let decimals = html.matches(of: /\$[0-9,]+(?:\.([0-9]+))?/).map { $0.1?.count ?? 0 }
        #expect(decimals.count > 20)
        #expect(Set(decimals) == [summary.amounts.places])
    }

    @Test func `amounts that round to nothing have no sign`() {
        let amounts = Amounts(largest: .dollars(200))
        #expect(amounts.places == 2)
        #expect(amounts.text(dollars: -0.001) == "$0.00")
        #expect(amounts.text(dollars: -1.5) == "-$1.50")
    }

    @Test func `what is off has no bar`() throws {
        let summary = try `Quickstart report`.summary(questions: 300)
        #expect(!summary.steps.contains { $0.name == "semantic cache" })
        #expect(summary.steps.contains { $0.name == "result cache" })
        let row = Table(summary).rows.first { $0.name == "semantic cache hits" }
        #expect(row?.value == "off")
        #expect(!Report(summary: summary).html.contains(">semantic cache<"))
        #expect(!Report(summary: try `Quickstart report`.summary(questions: 0)).html.contains("id=\"confidence"))
    }

    @Test func `what is on and found nothing is not said to be off`() throws {
        let summary = try `Quickstart report`.summary(questions: 300, embedder: "MiniLM")
        let row = Table(summary).rows.first { $0.name == "semantic cache hits" }
        #expect(row?.value == "0" && row?.note == "0.0% of the questions, 0 wrong")
    }

    @Test func `no markup shows`() throws {
        let html = Report(summary: try `Quickstart report`.summary(questions: 300)).html
        #expect(html.contains("<code>make embedder</code>"))
        let text = html.replacing(/<style>(?:.|\n)*<\/style>/, with: "").replacing(/<[^>]*>/, with: "")
        #expect(!text.contains("`") && !text.contains("**") && !text.contains("<") && !text.contains(">"))
        #expect(!text.contains("&amp;amp;") && !text.contains("&amp;lt;") && !text.contains("&amp;quot;"))
        #expect(HTML.inline("`a<b` & c") == "<code>a&lt;b</code> &amp; c")
        #expect(HTML.inline("one ` alone") == "one ` alone")
    }

    @Test func `tables too wide for a phone become lists there`() throws {
        let html = Report(summary: try `Quickstart report`.summary(questions: 300)).html
        for table in html.matches(of: /<table([^>]*)><thead><tr>(.*?)<\/tr>/) {
            let columns = table.2.matches(of: /<th[^e]/).count
            #expect(columns <= 3 || table.1 == " class=\"wide\"", "\(table.2)")
        }
        let narrow = try #require(html.split(separator: "@media (max-width: 480px)").last)
        #expect(narrow.contains(".wide td::before { content: attr(data-column)"))
        #expect(html.contains("<td data-column=\"tokens out\">"))
        #expect(html.contains("name=\"viewport\" content=\"width=device-width"))
        #expect(!html.contains("overflow-x"))
    }

    @Test(arguments: [1, 300, 3_000])
    func `no label runs out of its drawing`(questions: Int) throws {
        let html = Report(summary: try `Quickstart report`.summary(questions: questions)).html
        let labels = html.matches(of: /<text x="([-0-9.]+)" y="([-0-9.]+)" text-anchor="([a-z]+)"[^>]*>([^<]*)</)
        #expect(labels.count > 30)
        for label in labels {
            let x = try #require(Double(label.1))
            // About what a letter of this size takes, on average.
            let width = Double(label.4.count) * 7.5
            let start = label.3 == "start" ? x : label.3 == "end" ? x - width : x - width / 2
            #expect(start >= -3 && start + width <= Plot.width + 3, "\(label.4)")
        }
    }
}
