import Testing

@testable import LLMKit

/// Kinds of twins and of rewordings that differ in how a sentence is made rather than in its words.
@Suite struct SentenceKindTests {
    @Test(arguments: [
        ("Can only the tenant sign the lease?", "Can the tenant sign only the lease?", MatchGuards.scope),
        ("Do I add the sugar first and the eggs later?", "Do I add the eggs first and the sugar later?", .reversal),
        ("I paid and then the shop closed. What now?", "The shop closed and then I paid. What now?", .reversal),
        ("Can my daughter collect my parcel?", "Can I collect my daughter's parcel?", .persons),
        ("Is it legal to fly a drone here?", "Is it technically possible to fly a drone here?", .modality),
        ("Which fridge uses the least power?", "Which fridge uses the most power?", .scope),
        ("Which plan has more storage than Basic?", "Which plan has as much storage as Basic?", .scope),
        ("How do I archive all mails?", "How do I archive all mails but the unread ones?", .scope),
        ("How do I clean my camera?", "How do I clean the lens of my camera?", .modifiers),
        ("How do I delete a chat?", "How do I delete a message in a chat?", .modifiers),
        ("How much does the course cost?", "How long does the course take?", .substitution),
        ("Who wrote the manual?", "Where is the manual?", .substitution),
        ("What is a sick note?", "Who gives a sick note?", .substitution),
        ("Which modules does core import?", "Which modules import core?", .reversal),
        ("What does \\w match?", "What does \\W match?", .numbers),
        ("What does $* hold in a script?", "What does $# hold in a script?", .numbers),
        ("Does type A inherit from type B?", "Does type B inherit from type A?", .reversal),
        ("How many kW does the charger use?", "How many kWh does the charger use?", .units),
        ("How do I change our address?", "How do I change somebody else's address?", .persons),
        ("Is it open if it rains?", "Is it open only if it rains?", .scope),
    ])
    func `twins are told apart`(a: String, b: String, by guards: MatchGuards) {
        #expect(TextTraits(a).conflicts(with: TextTraits(b)).isSuperset(of: guards))
    }

    @Test(arguments: [
        ("Is 50 % of the fee refunded?", "Is half of the fee refunded?"),
        ("Is 75 % of the rent due?", "Is three quarters of the rent due?"),
        ("Is 20 per cent enough?", "Is 20 % enough?"),
        ("Is a quarter of it mine?", "Is 25% of it mine?"),
        ("What ran on 2024-03-31?", "What ran on March 31, 2024?"),
        ("What ran on 31/03/2024?", "What ran on 31 March 2024?"),
        ("Is there a bus at 5.15 pm?", "Is there a bus at quarter past five in the afternoon?"),
        ("Does it work at -5 °C?", "Does it work at minus 5 degrees Celsius?"),
        ("Is 500 ms enough?", "Is 500 milliseconds enough?"),
        ("How do I install the driver?", "How does the installation of the driver work?"),
        ("After a storm, when can I drive?", "When can I drive after a storm?"),
        ("How do I put together the shelf?", "How do I assemble the shelf?"),
        ("Where is the HR office?", "Where is the human resources office?"),
        ("How do I restart the databse?", "How do I restart the database?"),
        ("How do I sort a lsit?", "How do I sort a list?"),
        ("Which rooms are not without a bath?", "Which rooms have a bath?"),
        ("How do I prevent the job from failing to run?", "How do I make sure the job runs?"),
        ("How big is the room?", "What is the size of the room?"),
        ("Thanks for your great service! Where is my parcel?", "Where is my parcel?"),
        ("Dear all, sorry for the noise. How do I undo it? Regards, Kim", "How do I undo it?"),
    ])
    func `rewordings are the same`(a: String, b: String) {
        #expect(TextTraits(a).conflicts(with: TextTraits(b)) == [])
    }

    @Test func `what is said beside a question counts, unless it is a mere courtesy`() {
        func conflicts(_ a: String, _ b: String) -> Bool { !TextTraits(a).conflicts(with: TextTraits(b)).isEmpty }
        #expect(conflicts("Hi, I lost my card. What now?", "Hi, I found my card. What now?"))
        #expect(!conflicts("Thank you.", "Thank you."))
        #expect(!conflicts("Good morning. Have a nice day.", "Good morning. Have a nice day."))
    }

    @Test func `there is a bit for every mark`() {
        for mark in GrammarMark.allCases {
            let marks = GrammarMarks(mark)
            #expect(GrammarMark.allCases.filter { marks.contains($0) } == [mark])
        }
    }
}
