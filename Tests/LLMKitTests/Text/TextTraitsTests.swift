import Testing

@testable import LLMKit

/// What guards must tell apart, and what they must not.
@Suite struct TextTraitsTests {
    private func conflicts(_ a: String, _ b: String) -> MatchGuards {
        let found = TextTraits(a).conflicts(with: TextTraits(b))
        #expect(found == TextTraits(b).conflicts(with: TextTraits(a)), "not symmetric: \(a) | \(b)")
        return found
    }

    @Test func `a question that is narrowed to a time is another one`() {
        let pairs = [
            ("What does a berth cost?", "What does a berth cost in July?"),
            ("When is the harbour office open?", "When is the harbour office open in January?"),
        ]
        for (a, b) in pairs { #expect(TextTraits(a).conflicts(with: TextTraits(b)).contains(.dates), "\(b)") }
    }

    @Test(arguments: [
        ("What is 15% of 240?", "What is 15% of 250?"), ("Is Python 3.11 out?", "Is Python 3.12 out?"),
        ("fix error 404", "fix error 403"), ("Where is gate B12?", "Where is gate B21?"),
        ("two eggs", "three eggs"), ("the fifth amendment", "the sixth amendment"),
        ("Louis XIV of France", "Louis XVI of France"), ("call 555-0142", "call 555-0124"),
        ("earn 1.2 million", "earn 12 million"), ("twenty-five guests", "thirty-five guests"),
        ("What is 4 + 9?", "What is 4 * 9?"), ("Is -5 degrees cold?", "Is 5 degrees cold?"),
        ("card 4111111111111111", "card 4111111111111112"),
    ])
    func `another number is another question`(_ a: String, _ b: String) {
        #expect(conflicts(a, b).contains(.numbers))
    }

    @Test(arguments: [
        ("enable two-factor login", "disable two-factor login"), ("Is it on?", "Is it not on?"),
        ("rice with a cooker", "rice without a cooker"), ("Can dogs eat grapes?", "Can't dogs eat grapes?"),
        ("buy shares", "sell shares"), ("turn the lights on", "turn the lights off"),
        ("stretch before running", "stretch after running"), ("Is this plant safe?", "Is this plant unsafe?"),
        ("install the app", "uninstall the app"), ("Warum bin ich gesperrt?", "Warum bin ich nicht gesperrt?"),
        ("the cheapest hotel", "the most expensive hotel"), ("did it ship", "didnt it ship"),
    ])
    func `a question and its negation do not share an answer`(_ a: String, _ b: String) {
        #expect(conflicts(a, b).contains(.negation))
    }

    @Test(arguments: [
        ("convert USD to EUR", "convert EUR to USD"), ("Is Python faster than Java?", "Is Java faster than Python?"),
        ("Does a dog chase a cat?", "Does a cat chase a dog?"), ("Can I sue my landlord?", "Can my landlord sue me?"),
        ("Is a tomato a fruit?", "Is a fruit a tomato?"), ("trains from Lyon to Nice", "trains from Nice to Lyon"),
        ("Do you love me?", "Do I love you?"), ("What is 12 divided by 4?", "What is 4 divided by 12?"),
    ])
    func `the same words in swapped roles are another question`(_ a: String, _ b: String) {
        #expect(conflicts(a, b).contains(.reversal))
    }

    @Test(arguments: [
        ("capital of France", "capital of Germany"), ("capital of france?", "what is germany's capital"),
        ("Who is the CEO of Braintree?", "Who is the CEO of Stripe?"),
        ("who is the ceo of acmesoft", "who is the ceo of foobarco"), ("Call Dave", "Call Steve"),
        ("What is the boiling point of ethanol?", "What is the boiling point of methanol?"),
        ("东京的天气", "大阪的天气"), ("open main.py", "open test.py"),
    ])
    func `an answer about one thing is not served for another`(_ a: String, _ b: String) {
        #expect(!conflicts(a, b).isDisjoint(with: [.entities, .substitution]))
    }

    @Test(arguments: [
        ("How many miles is a marathon?", "How many kilometers is a marathon?"), ("Is 40°C hot?", "Is 40°F hot?"),
        ("what is £300 in yen", "what is $300 in yen"), ("16 GB of RAM", "16 MB of RAM"),
        ("cost per day", "cost per month"),
    ])
    func `another unit or currency is another question`(_ a: String, _ b: String) {
        #expect(conflicts(a, b).contains(.units))
    }

    @Test(arguments: [
        ("open on Monday?", "open on Thursday?"), ("my meetings today", "my meetings tomorrow"),
        ("spent last month", "spent this month"), ("events in May", "events in June"),
        ("wake me at 6 am", "wake me at 6 pm"), ("the war of 1812", "the war of 1821"),
    ])
    func `another time is another question`(_ a: String, _ b: String) {
        #expect(conflicts(a, b).contains(.dates))
    }

    @Test(arguments: [
        ("How do I reset my password?", "Wie setze ich mein Passwort zurück?"),
        ("Where is my order?", "¿Dónde está mi pedido?"), ("How old is the universe?", "Сколько лет вселенной?"),
        ("What are your opening hours?", "你们几点开门?"),
    ])
    func `an answer in another language is not served`(_ a: String, _ b: String) {
        #expect(conflicts(a, b).contains(.languages))
    }

    @Test(arguments: [
        ("How do I enable 2FA?", "how can i turn on 2fa"), ("I have 2 cats", "I have two cats"),
        ("Don't delete it", "Do not delete it"), ("What's 5 km in miles?", "What is 5 kilometres in miles?"),
        ("population of NYC", "Population of New York City"), ("1,000 dollars", "$1000"),
        ("Set an alarm for 7 am", "set an alarm for 7:00am"),
        ("If I pay late, is there a fee?", "Is there a fee if I pay late?"),
        ("Which is better, Java or Python?", "Which is better, Python or Java?"),
        ("How do I get from Paris to Lyon?", "How do I get to Lyon from Paris?"),
        ("Could you please tell me how to cook rice, thanks", "how to cook rice"),
        ("What is the defintion of entropy?", "What is the definition of entropy?"),
        ("Is a café a restaurant?", "is a cafe a restaurant"), ("organise my colours", "organize my colors"),
        ("the 3rd president", "the third president"), ("He can't log in", "he is unable to log in"),
        ("Hello, which packages depend on the parser?", "Which packages depend on the parser?"),
    ])
    func `phrasings of one question pass`(_ a: String, _ b: String) {
        #expect(conflicts(a, b) == [])
    }

    @Test func `equal texts never conflict, whatever they hold`() {
        for text in ["", " ", "?", "not", "no no no", "1", "A to B to A", "I me I", "don't do n't", "\0", "🙂", "last"] {
            #expect(conflicts(text, text) == [])
        }
    }

    @Test func `overlap is the share of common words`() {
        func overlap(_ a: String, _ b: String) -> Double { TextTraits(a).overlap(with: TextTraits(b)) }
        #expect(overlap("reset my password", "How do I reset the passwords?") == 1)
        #expect(overlap("blue car", "blue bicycle") == 1.0 / 3)
        #expect(overlap("blue car", "green bicycle") == 0)
        #expect(overlap("", "") == 1)
        #expect(overlap("", "blue") == 0)
    }

    @Test func `a usual question takes at most 200 bytes`() {
        let traits = TextTraits("How do I transfer money from my savings account to my checking account?")
        let bytes = MemoryLayout<TextTraits>.stride + 32 + traits.words.count * MemoryLayout<TraitWord>.stride
        #expect(bytes <= 200)
    }

    @Test func `what exceeds the limit has to be the same`() {
        let long = (0..<400).map { "word\($0 % 97)" }.joined(separator: " ")
        #expect(TextTraits(long).words.count <= TraitsBuilder.wordLimit)
        #expect(conflicts(long + " green", long + " green") == [])
        #expect(conflicts(long + " green", long + " blue") != [])
    }

    @Test func `hostile text neither traps nor breaks symmetry`() {
        var random = SplitMix(state: 7)
        let pieces = [
            "not", "n't", "I", "me", "from", "to", "12", "-", ".", "1.2.3", "7:", "7:5", ":", "@", "://", "''", "l'",
            "qu'",
            "’", "\0", "\u{301}", "é", "ß", "İ", "中", "ん", "🙂", "\u{10FFFF}", "١٢", "%", "$", "C++", "a-b", "x-",
            "U.S.",
            "million", "twenty", "last", "turn", "on", "off", "\n", "  ", "99999999999999999999", "1,0,0", "0x", "_",
            "a_b",
        ]
        for round in 0..<3000 {
            var texts = ["", ""]
            for index in 0..<2 {
                for _ in 0..<Int(random.next() % 14) {
                    if random.next() % 4 == 0 {
                        let scalar = Unicode.Scalar(UInt32(random.next() % 0x11_0000)) ?? " "
                        texts[index].unicodeScalars.append(scalar)
                    } else {
                        texts[index] += pieces[Int(random.next() % UInt64(pieces.count))]
                    }
                    if random.next() % 2 == 0 { texts[index] += " " }
                }
            }
            _ = conflicts(texts[0], texts[1])
            #expect(conflicts(texts[0], texts[0]) == [], "round \(round)")
            let overlap = TextTraits(texts[0]).overlap(with: TextTraits(texts[1]))
            #expect((0...1).contains(overlap))
        }
        _ = TextTraits(String(repeating: "a", count: 1_000_000))
        _ = TextTraits(String(repeating: "7", count: 1_000_000))
        _ = conflicts(String(repeating: "ab ", count: 100_000), String(repeating: "ba ", count: 100_000))
        _ = TextTraits(String(repeating: "'", count: 100_000))
    }
}

/// A small generator with a seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
