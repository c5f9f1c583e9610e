import Testing

@testable import LLMKit

@Suite struct JSONNumberTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-0.0e5", "0"), ("1.0", "1"), ("10e-1", "1"), ("100", "100"), ("1e2", "100"),
        ("0.001", "0.001"), ("-12.50", "-12.5"), ("1e400", "1e400"), ("123e-30", "123e-30"), ("007", "7"),
        ("9007199254740993", "9007199254740993"),
    ])
    func `every number has one spelling`(text: String, expected: String) throws {
        #expect(try #require(JSONNumber(text)).description == expected)
    }

    @Test(arguments: ["", "-", "1.", ".5", "1e", "e5", "1x", "0x1", "1e9999999", "1e99999999999999999999", "--1", "1 "])
    func `what is no number is none`(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test func `numbers are ordered by value`() throws {
        let ordered = ["-1e9", "-10", "-9.5", "-1", "-0.1", "0", "0.09", "0.1", "1", "9.99", "10", "99", "1e9"]
        let numbers = try ordered.map { try #require(JSONNumber($0)) }
        for (i, a) in numbers.enumerated() {
            for (j, b) in numbers.enumerated() { #expect((a < b) == (i < j), "\(a) < \(b)") }
        }
    }

    @Test(arguments: [
        ("6", "3", true), ("7", "3", false), ("0.3", "0.1", true), ("1e300", "3", false), ("3e300", "3", true),
        ("0", "7", true), ("1.5", "0.5", true), ("1", "0.3", false), ("-9", "3", true), ("10", "4", false),
        ("100", "4", true), ("19.99", "0.01", true), ("1", "2", false), ("123456789012345678901234567890", "10", true),
    ])
    func `multiples are exact`(number: String, divisor: String, expected: Bool) throws {
        let (a, b) = (try #require(JSONNumber(number)), try #require(JSONNumber(divisor)))
        #expect(a.isMultiple(of: b) == expected)
    }

    @Test func `integers are told apart and read`() throws {
        #expect(try #require(JSONNumber("1.0")).int == 1)
        #expect(try #require(JSONNumber("-0.0")).int == 0)
        #expect(try #require(JSONNumber("-9223372036854775808")).int == .min)
        #expect(try #require(JSONNumber("9223372036854775808")).int == nil)
        #expect(try #require(JSONNumber("1.5")).int == nil)
        #expect(try #require(JSONNumber("1e30")).int == nil)
    }
}
