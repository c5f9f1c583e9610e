import Testing

@testable import LLMKit

@Suite struct GuardToleranceTests {
    private func found(_ asked: String, _ remembered: [(text: String, answer: UInt64)]) -> Neighbourhood {
        let traits = remembered.map { QuestionTraits($0.text) }
        let neighbours = zip(traits, remembered).enumerated().map { place, pair in
            Neighbourhood.Neighbour(
                entry: Int64(place),
                similarity: 0.9,
                answer: pair.1.answer,
                conflicts: QuestionTraits(asked).conflicts(with: pair.0)
            )
        }
        return Neighbourhood(neighbours).relaxed(by: traits)
    }

    @Test func `an answer that did for other numbers does for another one`() {
        let alarms = ["wake me at 6", "wake me at 7", "wake me at 9"].map { (text: $0, answer: UInt64(1)) }
        #expect(found("wake me at 8", alarms).neighbours.allSatisfy { $0.conflicts.isEmpty })
        let fewer = found("wake me at 8", Array(alarms.prefix(2)))
        #expect(fewer.neighbours.allSatisfy { $0.conflicts.contains(.numbers) })
    }

    @Test func `a guard holds against an answer whose questions agree in what the asked one denies`() {
        let enabling = [
            "how do I enable two-factor login", "how can I enable two-factor login", "enable two-factor login please",
            "I want to enable two-factor login",
        ].map { (text: $0, answer: UInt64(1)) }
        let found = found("how do I disable two-factor login", enabling)
        #expect(found.neighbours.allSatisfy { $0.conflicts.contains(.negation) })
    }

    @Test func `overlap counts all words once, in any case`() {
        let question = QuestionTraits("How do I reset MY password?")
        #expect(question.overlap(with: QuestionTraits("how do i reset my password")) == 1)
        #expect(question.overlap(with: QuestionTraits("reset the reset")) == 1.0 / 7)
        #expect(QuestionTraits("").overlap(with: QuestionTraits("")) == 1)
        #expect(QuestionTraits("?").overlap(with: QuestionTraits("word")) == 0)
    }

    @Test func `texts that the embedder takes for one and the same are told apart by what it did not see`() {
        func conflicts(_ one: String, _ other: String, at cosine: Double = 1) -> MatchGuards {
            QuestionTraits(one).conflicts(with: QuestionTraits(other), at: cosine)
        }
        #expect(conflicts("\u{1F44D}", "\u{1F44E}") == .entities)
        #expect(conflicts("\u{1F44D}", "\u{1F44E}", at: 0.99).isEmpty)
        #expect(conflicts("\u{1F44D}", " \u{1F44D}\u{FE0F} ").isEmpty)
        #expect(conflicts("Résumé?", "resume").isEmpty)
        #expect(conflicts("ÎLE", "i\u{302}le!").isEmpty)
        #expect(!conflicts("ሰላም ነው", "ውሃ ነው").isEmpty)
        #expect(conflicts("", "").isEmpty)
    }

    @Test func `of texts that an embedder may have cut, only the same words are the same (semantic-router 3366)`() {
        let local = EmbedderSight(EmbedderInfo(identity: "local", dimensions: 64, maxTokens: 100), .f32)
        let vendor = EmbedderSight(EmbedderInfo(identity: "v", dimensions: 64, maxTokens: 100, vendor: "v"), .f32)
        func conflicts(_ head: String, _ length: Int, within sight: EmbedderSight) -> MatchGuards {
            let rules = String(repeating: "Tools go back to their place. ", count: length)
            let one = QuestionTraits("Follow our rules, please. \(rules) List the risks.")
            return one.conflicts(with: QuestionTraits("\(head) \(rules) List the gains."), at: 0.99, sight: sight)
        }
        for head in ["Follow our rules, please.", "Please keep to our rules."] {
            #expect(conflicts(head, 10, within: local).contains(.entities))
            #expect(conflicts(head, 3, within: vendor).contains(.entities))
        }
        let text = String(repeating: "Tools go back to their place. ", count: 20)
        let same = QuestionTraits(text.uppercased())
        #expect(QuestionTraits(text).conflicts(with: same, at: 0.99, sight: local).isEmpty)
        #expect(EmbedderSight(EmbedderInfo(identity: "any", dimensions: 2, maxTokens: .max), .f32).bytes == .max)
    }

    @Test func `what rounding or a vendor adds to a cosine hides no sign that the embedder did not see`() {
        let (up, down) = (QuestionTraits("\u{1F44D}"), QuestionTraits("\u{1F44E}"))
        let local = EmbedderInfo(identity: "local", dimensions: 64, maxTokens: 100)
        let vendor = EmbedderInfo(identity: "v", dimensions: 64, maxTokens: 100, vendor: "v")
        #expect(up.conflicts(with: down, at: 0.9997, sight: EmbedderSight(local, .f32)).isEmpty)
        #expect(up.conflicts(with: down, at: 0.9997, sight: EmbedderSight(local, .f16)) == .entities)
        #expect(up.conflicts(with: down, at: 0.9997, sight: EmbedderSight(vendor, .f32)) == .entities)
    }
}
