import ExampleSupport
import LLMKit

/// How a run's amounts are written: all of them with as many decimals as its largest needs, so that they can be compared.
struct Amounts: Sendable {
    let places: Int

    /// Cents for hundreds of dollars, four decimals for cents, six for less.
    init(largest: Money) {
        let size = abs(largest.dollars)
        places = size >= 100 ? 2 : size >= 0.1 ? 4 : 6
    }

    func text(_ amount: Money) -> String { text(dollars: amount.dollars) }

    func text(dollars: Double) -> String {
        let digits = Figures.fixed(abs(dollars), places)
        let isZero = !digits.contains { "123456789".contains($0) }
        return (dollars < 0 && !isZero ? "-$" : "$") + digits
    }
}
