import Testing

@testable import LLMKit

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
            _ = expression.matches(text + "!")
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
}
