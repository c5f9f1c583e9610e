import ExampleSupport
import LLMKit

/// The figures of a run, all of them from its charges and its outcomes.
struct Summary: Sendable {
    /// How the run was set up, for headings.
    struct Setup: Sendable {
        var isSimulated: Bool
        /// Where the answers came from, in a line.
        var vendors: String
        var cheap: String
        var strong: String
        var signal: String
        var threshold: Double
        /// What finds questions that are asked in other words; `nil` if nothing does.
        var embedder: String?
        /// The questions in the file, asked or not.
        var questions: Int
        var concurrency: Int
    }

    var setup: Setup
    /// In the order of the file.
    var outcomes: [Outcome]
    var charges: [Charge]
    /// From the first question to the last answer.
    var elapsed: Duration

    init(setup: Setup, outcomes: [Outcome], charges: [Charge], elapsed: Duration) {
        self.setup = setup
        self.outcomes = outcomes.sorted { $0.number < $1.number }
        self.charges = charges
        self.elapsed = elapsed
    }

    func count(_ origin: Outcome.Origin) -> Int { outcomes.count { $0.origin == origin } }

    /// Questions that a cache answered.
    var hits: Int { count(.cache) + count(.similar) }
    /// Of those asked in other words, how many got the answer to something else.
    var wrongHits: Int { outcomes.count { $0.isWrongHit } }
    /// Calls that went to a vendor.
    var calls: Int { charges.count { $0.kind != .cacheHit } }
    var retries: Int { charges.count { $0.purpose == .retry } }

    /// Everything that was charged; `nil` if a price is unknown.
    var paid: Money? { sum(charges.filter { $0.kind != .cacheHit }) { $0.cost } }
    /// The strong model's price of every answer, without caches.
    var baseline: Money? {
        let answers = charges.filter(\.isAnswer)
        return answers.isEmpty && !charges.isEmpty ? nil : sum(answers) { $0.savings?.baseline }
    }
    var saved: Money? {
        guard let paid, let baseline else { return nil }
        return baseline - paid
    }

    /// How its amounts are written.
    var amounts: Amounts { Amounts(largest: max(baseline ?? .zero, paid ?? .zero)) }

    /// The part of the baseline that was saved, in percent.
    var savedShare: String? {
        guard let saved, let baseline else { return nil }
        return Figures.percent(saved.dollars, of: baseline.dollars)
    }

    /// The way from the baseline to what was paid: each step is an amount that was saved, or, below zero, spent. What is off
    /// or came to nothing is no step.
    var steps: [(name: String, amount: Money)] {
        let savings = charges.compactMap(\.savings)
        func total(_ part: (Savings) -> Money) -> Money { savings.reduce(.zero) { $0 + part($1) } }
        let doubted = charges.filter { !$0.isAnswer }.reduce(Money.zero) { $0 + ($1.cost ?? .zero) }
        return [
            ("result cache", total { $0.resultCache + $0.coalescing }),
            ("semantic cache", total { $0.semanticCache }),
            ("cheaper model", total { $0.routing }),
            ("prompt cache", total { $0.promptCache }),
            ("answers not used", -doubted),
        ].filter { $0.amount != .zero }
    }

    /// All judgements of the cheap model's answers.
    var confidences: [Double] { outcomes.compactMap(\.confidence) }

    func totals(_ origin: Outcome.Origin? = nil) -> [Duration] {
        outcomes.filter { $0.origin != .failed && (origin == nil || $0.origin == origin) }.map(\.total)
    }

    var firstTokens: [Duration] { outcomes.compactMap(\.firstToken) }

    /// What each model was asked for and cost.
    struct ModelRow {
        var name: String
        var calls = 0
        var input = 0
        var cached = 0
        var output = 0
        var cost: Money? = .zero
    }

    var models: [ModelRow] {
        var rows: [String: ModelRow] = [:]
        for charge in charges where charge.kind != .cacheHit {
            let name = charge.modelAsked ?? charge.model.description
            var row = rows[name] ?? ModelRow(name: name)
            row.calls += 1
            row.input += charge.usage.totalInput
            row.cached += charge.usage.cacheRead
            row.output += charge.usage.output
            row.cost = charge.cost.flatMap { cost in row.cost.map { $0 + cost } }
            rows[name] = row
        }
        return rows.values.sorted { $0.name < $1.name }
    }

    private func sum(_ charges: [Charge], _ amount: (Charge) -> Money?) -> Money? {
        charges.reduce(Money.zero) { sum, charge in amount(charge).flatMap { more in sum.map { $0 + more } } }
    }
}

extension Charge {
    /// Whether its answer reached whoever asked.
    var isAnswer: Bool { kind == .answer || kind == .cacheHit }
}
