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

    @Test(arguments: [
        ("6e999999", "3", true), ("1e999999", "3", false), ("1e999999", "1024", true), ("1e999999", "7", false),
        ("1e-999999", "1e-1000000", true), ("5e-999999", "0.3", false), ("3e999999", "7e-999999", false),
        ("7e999999", "7e-999999", true), ("-9e1000000", "999999999999999999", false), ("1e1000000", "0.1", true),
        ("9e1000000", "1e-1000000", true), ("3e17", "999999999999999999", false),
        ("999999999999999999e1000000", "999999999999999999", true),
    ])
    func `multiples are exact with the largest exponents`(number: String, divisor: String, expected: Bool) throws {
        let (a, b) = (try #require(JSONNumber(number)), try #require(JSONNumber(divisor)))
        #expect(a.isMultiple(of: b) == expected)
    }

    @Test func `multiples agree with the remainder of whole numbers`() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let digits = Int.random(in: 1...99_999, using: &random)
            let exponent = Int.random(in: 0...12, using: &random)
            let divisor = Int.random(in: 1...400, using: &random)
            let value = (0..<exponent).reduce(digits) { value, _ in value * 10 }
            let number = try #require(JSONNumber("\(digits)e\(exponent)"))
            let modulus = try #require(JSONNumber("\(divisor)"))
            #expect(number.isMultiple(of: modulus) == value.isMultiple(of: divisor), "\(number) and \(divisor)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `exponents cost nothing, in whatever is done with a number`() throws {
        // A loop over the exponent would take a hundred thousand million turns here.
        let (a, b) = (try #require(JSONNumber("7e1000000")), try #require(JSONNumber("3e-1000000")))
        for _ in 0..<50_000 {
            #expect(!a.isMultiple(of: b))
            #expect(b < a && a != b && a.int == nil && b.int == nil)
        }
        #expect(a.double == .infinity && b.double == 0)
        #expect((a.description, b.description) == ("7e1000000", "3e-1000000"))
    }

    @Test func `a number of many digits is read to the last one`() throws {
        let digits = String(repeating: "123456789", count: 20_000)
        let number = try #require(JSONNumber("0.\(digits)e180000"))
        #expect(number == JSONNumber(digits))
        #expect(number.description == digits)
        // Its digits add up to a multiple of nine.
        #expect(number.isMultiple(of: try #require(JSONNumber("9"))))
        #expect(try !#require(JSONNumber(digits + "1")).isMultiple(of: try #require(JSONNumber("9"))))
        #expect(try number < #require(JSONNumber(digits + "0")))
    }

    @Test(arguments: [
        ("0.14", 6, 140_000), ("12.50", 3, 12_500), ("0", 6, 0), ("000.5000", 1, 5),
        ("9223372036854.775807", 6, Int64.max),
        ("1", 0, 1), ("3e2", 0, 300),
    ])
    func `a number is a whole count of small units`(text: String, places: Int, expected: Int64) throws {
        #expect(try #require(JSONNumber(text)).scaled(places: places, limit: .max) == expected)
    }

    @Test(arguments: [
        ("-1", JSONNumber.ScalingFailure.negative), ("0.0001", .tooFine), ("1e-999999", .tooFine), ("1.001", .tooLarge),
        ("1e999999", .tooLarge), ("99999999999999999999", .tooLarge),
    ])
    func `what is no such count says why`(text: String, failure: JSONNumber.ScalingFailure) throws {
        let number = try #require(JSONNumber(text))
        #expect(throws: failure) { try number.scaled(places: 3, limit: 1_000) }
    }
}
