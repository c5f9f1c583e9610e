import Testing

@testable import LLMKit

@Suite struct AnswerIdentityTests {
    @Test func `texts that differ only in looks are one answer`() {
        let identity = AnswerIdentity.text
        let number = identity.number(for: "Go to Settings, then Cards.")
        #expect(identity.number(for: "  go to settings,\nthen  cards") == number)
        #expect(identity.number(for: "Go to Settings, then Accounts.") != number)
        // Numbers are kept in databases: they must not change from version to version.
        #expect(identity.number(for: "yes") == AnswerIdentity.text.number(for: "Yes."))
    }

    @Test func `a known answer that is near enough lends its number, unless something tells them apart`() {
        let identity = AnswerIdentity.alike(0.8) { $0.contains("off") != $1.contains("off") }
        var asked: [Double] = []
        let known = [
            AnswerIdentity.Known(number: 41, text: "Turn it off there."),
            AnswerIdentity.Known(number: 42, text: "Turn it on there."),
        ]
        let number = identity.number(for: "Switch it on there.") { least in
            asked.append(least)
            return known
        }
        #expect(number == 42 && asked == [0.8])
        #expect(identity.number(for: "Switch it off.") { _ in known } == 41)
        #expect(identity.number(for: "a") { _ in [] } == AnswerIdentity.text.number(for: "A"))
    }

    @Test func `a fresh answer agrees by its text or by its vector`() {
        let identity = AnswerIdentity.alike(0.8)
        #expect(identity.agree("Yes.", "yes"))
        #expect(identity.agree("Sure thing", "Certainly", similarity: 0.85))
        #expect(!identity.agree("Sure thing", "Never", similarity: 0.75))
        #expect(!identity.agree("Sure thing", "Certainly"))
        let strict = AnswerIdentity.alike(0.8) { _, _ in true }
        #expect(!strict.agree("Sure thing", "Certainly", similarity: 1) && strict.agree("Yes.", "yes"))
        #expect(!AnswerIdentity.text.agree("Sure thing", "Certainly", similarity: 1))
    }

    @Test(arguments: [0, 1.5, .nan] as [Double]) func `a threshold that makes no sense is refused`(value: Double) {
        let error = #expect(throws: LLMError.self) { try AnswerIdentity.alike(value).validate() }
        #expect(error?.code == .invalidConfiguration)
    }
}
