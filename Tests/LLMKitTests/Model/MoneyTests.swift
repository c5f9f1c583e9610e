import LLMKit
import Testing

@Suite struct MoneyTests {
    @Test func `amounts print exactly`() {
        #expect(Money(picodollars: 19_500_000_000).description == "$0.0195")
        #expect(Money(picodollars: 1).description == "$0.000000000001")
        #expect(Money(picodollars: -2_500_000_000_000).description == "-$2.50")
        #expect(Money.dollars(3).description == "$3.00")
    }
}
