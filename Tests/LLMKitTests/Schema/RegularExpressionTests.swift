import Testing

@testable import LLMKit

extension RegularExpression {
    /// Whether the pattern matches, however long that takes.
    func matches(_ text: String) throws -> Bool {
        var budget = StepBudget(.max)
        return try matches(text, within: &budget)
    }

    func steps(on text: String) throws -> Int {
        var budget = StepBudget(.max)
        _ = try matches(text, within: &budget)
        return budget.spent
    }
}

@Suite struct RegularExpressionTests {
    @Test(arguments: [
        ("abc", "xxabcxx", true), ("^abc$", "xabc", false), ("^a|b$", "xb", true), ("a.c", "a\nc", false),
        ("^[a-f\\d]{4}$", "0af9", true), ("^[^a-c]+$", "xyz", true), ("^[^a-c]+$", "xbz", false),
        ("colou?r", "color", true), ("^(ab)*$", "ababab", true), ("^(ab)*$", "aba", false), ("^a{2,3}$", "aaaa", false),
        ("^a{2,}$", "aaaa", true), ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false),
        ("^(?=.*\\d)(?=.*[A-Z]).{4,}$", "abC1", true), ("^(?=.*\\d)(?=.*[A-Z]).{4,}$", "abcd1", false),
        ("^(?!foo).*$", "foobar", false), ("^(?<year>\\d{4})-\\d\\d$", "2024-05", true),
        ("^\\p{Lu}\\p{L}+$", "École", true),
        ("^\\P{L}$", "1", true), ("\\u00e9", "caf\u{e9}", true), ("\\u{1F600}", "\u{1F600}", true),
        ("\\uD83D\\uDE00", "\u{1F600}", true), ("^.$", "\u{1F600}", true), ("", "anything", true), ("^$", "", true),
        ("(a*)*b", "aaab", true), ("(|a)+$", "", true), ("[]-]", "-", false), ("[\\]-]", "-", true),
        ("[-a]", "-", true),
        ("a+?b", "aab", true), ("\\x41\\t", "A\t", true), ("^[\\s\\S]*$", "a\nb", true), ("x|", "", true),
        ("a||b", "b", true), ("^\\/\\.$", "/.", true), ("^(a|b|c|d|e)$", "d", true), ("[\\b]", "\u{8}", true),
    ])
    func `patterns match as in ECMA-262`(pattern: String, text: String, expected: Bool) throws {
        #expect(try RegularExpression(pattern).matches(text) == expected)
    }

    @Test(arguments: [
        "(", ")", "a{2", "a{3,2}", "*a", "a**", "[a", "[z-a]", "\\", "\\q", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?i)a",
        "{",
        "\\p{Klingon}", "\\p", "\\u12", "\\x1", "a{99999}", "((a{1000}){1000}){1000}", "(?=a)*", "^*", "(?<n",
    ])
    func `what is not supported is refused`(pattern: String) {
        let error = #expect(throws: LLMError.self) { try RegularExpression(pattern) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func `no pattern takes exponential time`() throws {
        let text = String(repeating: "a", count: 5_000)
        for pattern in ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*(a*)*(a*)*"] {
            let expression = try RegularExpression(pattern)
            _ = try expression.matches(text + "!")
        }
        #expect(try !RegularExpression("^(a+)+$").matches(text + "!"))
    }

    @Test func `deep nesting and empty repetitions are refused or quick`() throws {
        let deep = String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000)
        #expect(throws: LLMError.self) { try RegularExpression(deep) }
        #expect(try RegularExpression("(((){10000}){10000}){10000}").matches(""))
        let many = Array(repeating: "ab", count: 2_000).joined(separator: "|")
        #expect(try RegularExpression("^(\(many))$").matches("ab"))
    }

    @Test(arguments: [
        ("(?=a)(?=b)", "ab", false), ("(?=.*a)(?=.*b)c", "cba", true), ("(?=.*a)(?=.*b)c", "cb", false),
        ("^(?:(?=a)(?:ab|c))*$", "abab", true), ("^(?:(?=a)(?:ab|c))*$", "abc", false),
        ("(?:(?=a*))*b", "b", true), ("^(?:(?=a*)a)*$", "aaa", true), ("(?=(?=(?=a*)b*)c*)d", "d", true),
        ("x(?=(?=a)(?!ab)).", "xab xac", true), ("x(?=(?=a)(?!ab)).", "xab", false), ("(?!$)", "", false),
        ("a(?!.)", "ba", true), ("a(?!.)", "ab", false), ("(?!(?!a))b", "b", false), ("(?!(?!a))a", "a", true),
        ("(?!)", "a", false), ("(?=)", "", true), ("^(?=.*$)", "a\nb", false), ("(?=\\b).\\B", "  ab", true),
        ("^(?:^)*a$", "a", true), ("(?:(?:(?=x)){0}y)", "y", true), ("(?:(?!x)){5}y", "y", true),
        ("^(?!.*(.)(?=z)).*$", "abz", false), ("^(?=[^b]*b[^b]*$)(?=(?:..)*$)", "aabc", true),
        ("^\\p{gc=Lu}\\p{General_Category=Decimal_Number}$", "A1", true), ("^[\\P{L}]$", "a", false),
        ("^[^\\p{L}\\D]$", "7", true), ("^\\p{Alphabetic}+\\p{White_Space}\\P{Emoji}$", "\u{e9}a x", true),
        ("^[\\W]$", "\u{e9}", true), ("^[\\W\\w]$", "\u{10FFFF}", true), ("^[^\\S]$", "\u{2003}", true),
        ("^[c-ea-dz]+$", "abcdez", true), ("^[c-ea-d]+$", "f", false), ("[]", "a", false), ("[^]", "\n", true),
    ])
    func `look-aheads and classes mean what they mean in ECMA-262`(pattern: String, text: String, expected: Bool) throws
    {
        #expect(try RegularExpression(pattern).matches(text) == expected)
    }

    static let greedy = [
        "(?=.*yes)(?=.*no)", "(?=.*(?=.*(?=.*x)))", "(?!.*(?!.*(?!.*x)))", "(?:(?=a*)a)*b", "(?:(?=(?:a|aa)+$)a)+b",
        "^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*(a*)*(a*)*b", "(?:(?=.*(?:(?=.*z).)*y).)*x", "\\b(?:a\\b|\\Ba)*!",
        "^(?=(?=(?=a*)a*)a*$)b", "(?:a{0,30}){0,30}b", "(?:(?:(?=a*))*)*b", "[\\p{L}\\p{N}]*(?=[^\\P{L}]*1)b",
    ]

    @Test(arguments: greedy)
    func `a search takes steps in proportion to the text and to the pattern`(pattern: String) throws {
        let expression = try RegularExpression(pattern)
        let size = expression.program.instructions.count
        let steps = try [500, 1_000, 2_000].map { count in
            let steps = try expression.steps(on: String(repeating: "a", count: count))
            #expect(steps <= 3 * size * (count + 1), "\(steps) steps for \(size) instructions on \(count) characters")
            return steps
        }
        // Twice the text is twice the work, not four times.
        #expect(steps[2] - steps[1] <= 2 * (steps[1] - steps[0]) + size)
    }

    @Test func `a look-ahead is written out once, however often it is repeated`() throws {
        let expression = try RegularExpression("(?:(?=a{2000})){2000}")
        #expect(expression.program.instructions.count < 4_100)
        #expect(try expression.matches(String(repeating: "a", count: 2_001)))
        #expect(try !expression.matches(String(repeating: "a", count: 1_999)))
    }

    @Test(arguments: [
        "(?=(a{1000}){1000})", "(?=a{6000})(?!b{6000})", "(?:a{6000}|b{6000})",
        "(?:(?=(?:(?=a{3000})b{3000}))c{3000}){2}",
        "(?:a?){6000}", "(?:a{100}|b{100}){0,60}", "((a{1000}){1000}){1000}", "(?:(?:(?:x|){50}){50}){50}",
    ])
    func `the limit on the size counts all that is written out`(pattern: String) {
        let error = #expect(throws: LLMError.self) { try RegularExpression(pattern) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("10000 instructions") == true)
        #expect(error?.message.contains(pattern) == true)
    }

    @Test func `a search that is too long is given up, and the error names pattern and limit`() async throws {
        let expression = try RegularExpression("b(?:a|b?){40}")
        let text = String(repeating: "a", count: 10_000)
        let error = await #expect(throws: LLMError.self) { try await expression.matches(text, limit: 50_000) }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains(#""b(?:a|b?){40}""#) == true)
        #expect(error?.message.contains("more than 50000") == true)
        #expect(try await !expression.matches(text, limit: 100_000_000))
    }
}
