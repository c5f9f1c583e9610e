import ExampleSupport
import PortableFoundation
import Testing

@testable import LLMKit
@testable import Quickstart

@Suite struct `Quickstart report` {
    @Test func `the figures of the table add up`() throws {
        let summary = try Self.summary(questions: 300)
        #expect(Outcome.Origin.allCases.map(summary.count).reduce(0, +) == 300)
        let baseline = try #require(summary.baseline)
        let paid = try #require(summary.paid)
        #expect(baseline - summary.steps.reduce(.zero) { $0 + $1.amount } == paid)
        let text = Table(summary).text
        #expect(text.contains("result cache hits"))
    }

    @Test func `the report is one file, and says that the vendors are simulated`() throws {
        let html = Report(summary: try Self.summary(questions: 300)).html
        if let path = ProcessInfo.processInfo.environment["REPORT_PATH"] { try Files.write(html, to: path) }
        #expect(html.contains("SIMULATED VENDORS"))
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("<script"))
        #expect(!html.contains("nan") && !html.contains("inf\""))
        #expect(html.components(separatedBy: "<figure>").count == html.components(separatedBy: "</figure>").count)
    }

    @Test(arguments: [0, 1, 2])
    func `a run that was stopped early still gives a report`(questions: Int) throws {
        let html = Report(summary: try Self.summary(questions: questions)).html
        #expect(!html.contains("nan") && !html.contains("\"inf"))
    }

    /// A made-up run: one question in four from the cache, one in three of the others escalated.
    static func summary(questions: Int, embedder: String? = nil) throws -> Summary {
        let cheap = Price.perMillion(input: 0.15, cacheRead: 0.075, output: 0.6)
        let strong = Price.perMillion(input: 2, cacheRead: 0.1, output: 10)
        var outcomes: [Outcome] = []
        var charges: [Charge] = []
        for number in 0..<questions {
            let usage = Usage(input: 560, cacheRead: 1024, output: 20 + number % 17)
            let baseline = try #require(strong.cost(of: usage.withoutPromptCache))
            let confidence = 0.45 + 0.5 * Double((number * 37) % 101) / 100
            func charge(_ kind: Charge.Kind, _ price: Price?) throws -> Charge {
                let model = kind == .rejected ? "small" : "large"
                var charge = Charge(
                    date: Date(timeIntervalSince1970: 0),
                    requestID: .random(),
                    caller: Caller(),
                    kind: kind,
                    model: ModelName(model),
                    vendor: "openai"
                )
                charge.usage = price == nil ? Usage() : usage
                charge.cost = price == nil ? .zero : price?.cost(of: usage)
                if kind == .answer, let price, let paid = charge.cost {
                    let uncached = try #require(price.cost(of: usage.withoutPromptCache))
                    charge.savings = Savings(
                        baseline: baseline,
                        resultCache: .zero,
                        semanticCache: .zero,
                        coalescing: .zero,
                        promptCache: uncached - paid,
                        routing: baseline - uncached
                    )
                }
                return charge
            }
            var outcome = Outcome(number: number, origin: .cheap, total: .milliseconds(12 + number % 20))
            outcome.baseline = baseline
            outcome.firstToken = .milliseconds(10 + number % 20)
            if number % 4 == 3 {
                outcome.origin = .cache
                outcome.total = .microseconds(40 + number % 30)
                var hit = try charge(.cacheHit, nil)
                hit.savings = Savings(
                    baseline: baseline,
                    resultCache: baseline,
                    semanticCache: .zero,
                    coalescing: .zero,
                    promptCache: .zero,
                    routing: .zero
                )
                charges.append(hit)
                outcome.paid = .zero
            } else {
                outcome.confidence = confidence
                let isEscalated = confidence < 0.65
                var paid = Money.zero
                if isEscalated {
                    let rejected = try charge(.rejected, cheap)
                    charges.append(rejected)
                    paid += try #require(rejected.cost)
                    outcome.origin = .strong
                    outcome.total = .milliseconds(60 + number % 50)
                }
                let answer = try charge(.answer, isEscalated ? strong : cheap)
                charges.append(answer)
                outcome.paid = paid + (try #require(answer.cost))
            }
            outcomes.append(outcome)
        }
        let setup = Summary.Setup(
            isSimulated: true,
            vendors: "Simulated.",
            cheap: "gpt-4o-mini",
            strong: "claude-sonnet-5-5",
            signal: "log-probabilities",
            threshold: 0.65,
            embedder: embedder,
            questions: questions,
            concurrency: 16
        )
        return Summary(setup: setup, outcomes: outcomes, charges: charges, elapsed: .seconds(2))
    }
}
