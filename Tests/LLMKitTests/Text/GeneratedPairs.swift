/// Makes pairs of questions of one kind: every frame with every exchange.
///
/// A frame has an underscore where an exchange puts its one side for the first question, and its other for the second.
struct GeneratedPairs {
    let kind: String
    let frames: [String]
    let exchanges: [(String, String)]
    /// The rules were written before a look at how this kind fares; it showed 2 of 30 twins served, 1 of 20 rewordings refused.
    var isUnseen = false

    var pairs: [(a: String, b: String)] {
        frames.flatMap { frame in
            exchanges.map { (frame.replacing("_", with: $0.0).trimmed, frame.replacing("_", with: $0.1).trimmed) }
        }
    }
}

extension String {
    /// Without the blanks that an empty side leaves.
    fileprivate var trimmed: String {
        split(separator: " ").joined(separator: " ").replacing(" ?", with: "?").replacing(" ,", with: ",")
    }
}

extension GeneratedPairs {
    /// Questions that need different answers.
    static let twins: [GeneratedPairs] = [
        GeneratedPairs(
            kind: "modality",
            frames: ["_ drivers carry a warning triangle?", "_ a tenant paint the walls?", "_ I sign both copies?"],
            exchanges: [("Must", "May"), ("Should", "Can"), ("Can", "Must"), ("May", "Should")]
        ),
        GeneratedPairs(
            kind: "duty and leave",
            frames: ["Are guests _ to leave a deposit?", "Is a trainee _ to work nights?"],
            exchanges: [("required", "allowed"), ("obliged", "permitted"), ("allowed", "supposed")]
        ),
        GeneratedPairs(
            kind: "quantifiers",
            frames: ["Do _ snakes lay eggs?", "Are _ the lifts out of order?", "Can _ members vote by post?"],
            exchanges: [("all", "some"), ("most of", "all of"), ("any of", "all of"), ("few", "many")]
        ),
        GeneratedPairs(
            kind: "only",
            frames: [
                "Is the sauna open _ to members?", "Does the grant pay _ for books?", "Do you ship _ within Europe?",
            ],
            exchanges: [("", "only"), ("exclusively", "")]
        ),
        GeneratedPairs(
            kind: "except",
            frames: [
                "Which days _ Monday are you open?", "Can I eat everything _ cheese?", "Does it cover repairs _ tyres?",
            ],
            exchanges: [("except", "including"), ("excluding", "including")]
        ),
        GeneratedPairs(
            kind: "bounds",
            frames: [
                "What if I order _ 20 boxes?", "Can a team have _ 11 players?", "Is a stay of _ 5 nights cheaper?",
            ],
            exchanges: [("at least", "at most"), ("more than", "fewer than"), ("up to", "more than"), ("", "at least")]
        ),
        GeneratedPairs(
            kind: "order in time",
            frames: ["Should I eat _ the blood test?", "Can I park here _ the market?", "Is there a talk _ the film?"],
            exchanges: [
                ("before", "after"), ("prior to", "following"), ("during", "after"), ("until", "after"),
                ("ahead of", "during"),
            ]
        ),
        GeneratedPairs(
            kind: "cause and effect",
            frames: ["_?"],
            exchanges: [
                ("Does noise cause stress", "Does stress cause noise"), ("What causes gout", "What does gout cause"),
                ("Do floods lead to famine", "Does famine lead to floods"),
                ("What leads to burnout", "What does burnout lead to"),
                ("Is asthma triggered by mould", "Is mould triggered by asthma"),
                ("Is the delay because of the strike", "Is the strike because of the delay"),
            ]
        ),
        GeneratedPairs(
            kind: "persons",
            frames: ["How do I renew _ passport?", "Where is _ luggage?", "Can I see _ invoice?"],
            exchanges: [("my", "her"), ("his", "her"), ("our", "their"), ("my", "their"), ("my", "his")]
        ),
        GeneratedPairs(
            kind: "modifiers",
            frames: ["Can I bring a _ dog on board?", "How do I insure a _ bicycle?", "What does a _ licence cost?"],
            exchanges: [("", "guide"), ("", "stolen"), ("rented", ""), ("", "commercial"), ("foreign", "")]
        ),
        GeneratedPairs(
            kind: "flags and operators",
            frames: ["What does _ mean?", "When do I need _ in a script?"],
            exchanges: [
                ("ls -a", "ls -A"), ("tar -t", "tar -T"), ("x == y", "x === y"), ("a && b", "a & b"),
                ("a || b", "a | b"),
                ("a != b", "a == b"), ("x << 2", "x >> 2"), ("a <= b", "a >= b"),
                ("git log --all", "git log --oneline"),
            ]
        ),
        GeneratedPairs(
            kind: "case of units",
            frames: ["How long does it take to copy 40 _?", "Is 300 _ a lot?"],
            exchanges: [("Gb", "GB"), ("Mb", "MB"), ("mW", "MW"), ("Tb", "TB")]
        ),
        GeneratedPairs(
            kind: "near names",
            frames: ["What are the side effects of _?", "Can children take _?"],
            exchanges: [
                ("prednisone", "prednisolone"), ("hydroxyzine", "hydralazine"), ("Celebrex", "Celexa"),
                ("vinblastine", "vincristine"),
                ("glipizide", "glyburide"),
            ]
        ),
        GeneratedPairs(
            kind: "winner and runner-up",
            frames: ["Who was _ the 2014 chess final?", "Which country was _ the relay?"],
            exchanges: [("the winner of", "the runner-up of"), ("first in", "second in"), ("first in", "last in")],
            isUnseen: true
        ),
        GeneratedPairs(
            kind: "into and out of",
            frames: ["How do I get _ the garage?", "Can I pour it _ the tank?", "How do I move photos _ the album?"],
            exchanges: [("into", "out of"), ("onto", "out of")]
        ),
        GeneratedPairs(
            kind: "numbers",
            frames: ["How do I split _ coins?", "What is the tax on _ bottles?", "Is _ kilos too heavy?"],
            exchanges: [("12", "21"), ("three", "thirteen"), ("1.5", "15"), ("200", "two thousand")]
        ),
        GeneratedPairs(
            kind: "units",
            frames: ["How much is 40 _ of salt?", "Can I carry 3 _ of paint?"],
            exchanges: [("grams", "ounces"), ("mg", "g"), ("litres", "gallons")]
        ),
        GeneratedPairs(
            kind: "negation",
            frames: ["Which cheeses _ contain lactose?", "Why does the fan _ spin?"],
            exchanges: [("", "do not"), ("", "never")]
        ),
        GeneratedPairs(
            kind: "antonyms",
            frames: ["How do I _ the volume?", "How do I _ my limit?", "Where can I _ it?"],
            exchanges: [("increase", "decrease"), ("raise", "lower"), ("lock", "unlock"), ("buy", "sell")]
        ),
        GeneratedPairs(
            kind: "swapped roles",
            frames: ["_?"],
            exchanges: [
                ("Can a guest sue a host", "Can a host sue a guest"),
                ("Is tin harder than zinc", "Is zinc harder than tin"),
                ("How do I convert pounds to euros", "How do I convert euros to pounds"),
                ("Did Rome attack Carthage", "Did Carthage attack Rome"),
            ]
        ),
        GeneratedPairs(
            kind: "conditions",
            frames: ["Do I get the bonus _ I leave in March?", "Is the fee waived _ I am late?"],
            exchanges: [("if", "unless"), ("if", "although"), ("even if", "because")]
        ),
        GeneratedPairs(
            kind: "and, or",
            frames: ["Do I need a helmet _ gloves?", "Can I pay by cheque _ cash?"],
            exchanges: [("and", "or"), ("and", "instead of")]
        ),
        GeneratedPairs(
            kind: "tense",
            frames: ["When _ the pool open?", "_ the bus stop at the zoo?"],
            exchanges: [("did", "will"), ("does", "did")]
        ),
        GeneratedPairs(
            kind: "places",
            frames: ["What is _ the town hall?", "Can I smoke _ the stadium?", "Is the tap _ the shed?"],
            exchanges: [("behind", "in front of"), ("above", "below"), ("inside", "outside"), ("next to", "under")],
            isUnseen: true
        ),
        GeneratedPairs(
            kind: "prepositions",
            frames: ["Is the letter _ the mayor?", "Was the speech _ the union?", "Is the parcel _ my aunt?"],
            exchanges: [("from", "to"), ("by", "about"), ("for", "from"), ("for", "against")]
        ),
        GeneratedPairs(
            kind: "degrees",
            frames: ["Is the bath _ hot?", "Is the tank _ empty?"],
            exchanges: [("", "too"), ("almost", "completely"), ("nearly", "")],
            isUnseen: true
        ),
        GeneratedPairs(
            kind: "currencies and versions",
            frames: ["Can I pay in _?", "How many cents are in 5 _?"],
            exchanges: [
                ("Australian dollars", "Canadian dollars"), ("Swedish kronor", "Danish kroner"), ("euros", "pounds"),
            ],
            isUnseen: true
        ),
    ]

    /// Wordings of one question.
    static let rewordings: [GeneratedPairs] = [
        GeneratedPairs(
            kind: "verbs",
            frames: ["How do I _ my order?", "Can I _ the booking online?"],
            exchanges: [("cancel", "terminate"), ("modify", "change"), ("confirm", "verify"), ("track", "follow")]
        ),
        GeneratedPairs(
            kind: "nouns",
            frames: ["Where is my _?", "How much does a new _ cost?"],
            exchanges: [
                ("parcel", "package"), ("suitcase", "luggage"), ("flat", "apartment"), ("laptop", "computer"),
                ("lorry", "truck"),
            ]
        ),
        GeneratedPairs(
            kind: "spelling",
            frames: ["Do I need a new _?", "What does a _ cost?"],
            exchanges: [
                ("licence", "license"), ("catalogue", "catalog"), ("tyre", "tire"), ("fibre cable", "fiber cable"),
                ("coloured pencil", "colored pencil"), ("aluminium pan", "aluminum pan"), ("programme", "program"),
            ]
        ),
        GeneratedPairs(
            kind: "spelling of verbs",
            frames: ["How do I _ my data?", "Why was it _?"],
            exchanges: [
                ("organise", "organize"), ("analyse", "analyze"), ("cancelled", "canceled"), ("labelled", "labeled"),
            ],
            isUnseen: true
        ),
        GeneratedPairs(
            kind: "times",
            frames: ["Wake me at _", "Is the desk open at _?", "Book a cab for _"],
            exchanges: [
                ("6:30 am", "half past six in the morning"), ("17:00", "5 pm"), ("8:45", "quarter to nine"),
                ("noon", "12 pm"), ("9 o'clock in the evening", "9 pm"),
            ]
        ),
        GeneratedPairs(
            kind: "spans",
            frames: ["Can I park for _?", "Set a timer for _"],
            exchanges: [
                ("30 minutes", "half an hour"), ("90 minutes", "an hour and a half"), ("2 hours", "120 minutes"),
            ]
        ),
        GeneratedPairs(
            kind: "contractions",
            frames: ["_ my card work here?", "_ the lift move?"],
            exchanges: [("Why won't", "Why will not"), ("Why doesn't", "Why does not"), ("Why can't", "Why cannot")]
        ),
        GeneratedPairs(
            kind: "abbreviations",
            frames: ["What is the _ for a trip to Spain?", "Where do I find my _?"],
            exchanges: [
                ("temp", "temperature"), ("max fee", "maximum fee"), ("acct number", "account number"),
                ("info", "information"),
            ]
        ),
        GeneratedPairs(
            kind: "politeness",
            frames: ["_ I reset the alarm?", "_ I get a refund?"],
            exchanges: [
                ("How do", "Could you please tell me how"), ("How can", "Hi, do you know how"),
                ("How do", "I was wondering how can"),
            ]
        ),
        GeneratedPairs(
            kind: "passive voice",
            frames: ["_?"],
            exchanges: [
                ("Who painted the Scream", "Who was the Scream painted by"),
                ("Did Nobel invent dynamite", "Was dynamite invented by Nobel"),
                ("Where do they grow tea", "Where is tea grown"),
                ("Can a judge overturn the fine", "Can the fine be overturned by a judge"),
            ]
        ),
        GeneratedPairs(
            kind: "order of clauses",
            frames: ["_?"],
            exchanges: [
                ("If I move, do I keep my number", "Do I keep my number if I move"),
                ("In Peru, is water drinkable", "Is water drinkable in Peru"),
                ("Is tea or coffee stronger", "Is coffee or tea stronger"),
                ("How do I turn the alarm off", "How do I turn off the alarm"),
            ]
        ),
        GeneratedPairs(
            kind: "articles",
            frames: ["How do I clean _ carpet?", "How do I train _ parrot?"],
            exchanges: [("a", "my"), ("the", "a"), ("my", "the")]
        ),
        GeneratedPairs(
            kind: "generic persons",
            frames: ["How do _ password?", "When should _ tyres?"],
            exchanges: [("I change my", "you change your"), ("I change the", "you change the")]
        ),
        GeneratedPairs(
            kind: "modals that say the same",
            frames: ["_ I descale a kettle?", "_ I get to the harbour?"],
            exchanges: [("How do", "How can"), ("How should", "How do"), ("How could", "How can")]
        ),
        GeneratedPairs(
            kind: "leave",
            frames: ["_ to take photos?", "_ to bring a dog?"],
            exchanges: [
                ("Am I allowed", "Is it permitted"), ("Is it possible", "Am I able"), ("Is it OK", "Am I allowed"),
            ]
        ),
        GeneratedPairs(
            kind: "numbers in words",
            frames: ["Can I book _ rooms?", "What do _ tickets cost?"],
            exchanges: [("2", "two"), ("12", "twelve"), ("1,000", "1000"), ("a dozen", "12")]
        ),
        GeneratedPairs(
            kind: "units in words",
            frames: ["How much is 5 _?", "Is 30 _ a lot?"],
            exchanges: [("km", "kilometres"), ("kg", "kilograms"), ("dollars", "bucks")]
        ),
        GeneratedPairs(
            kind: "case",
            frames: ["_"],
            exchanges: [
                ("What is NATO?", "what is nato"), ("HOW DO I STOP IT?", "How do I stop it?"),
                ("who was einstein", "Who was Einstein?"),
            ]
        ),
        GeneratedPairs(
            kind: "fillers",
            frames: ["How do I _ remove rust?", "Is it _ safe to eat moss?"],
            exchanges: [("", "actually"), ("", "really")]
        ),
        GeneratedPairs(
            kind: "plurals",
            frames: ["_?"],
            exchanges: [
                ("Is a whale a mammal", "Are whales mammals"), ("How do I train a puppy", "How do I train puppies"),
                ("Does a bee sleep", "Do bees sleep"),
            ],
            isUnseen: true
        ),
        GeneratedPairs(
            kind: "attributes",
            frames: ["_ the tower?", "_ an elephant?"],
            exchanges: [
                ("How tall is", "What is the height of"), ("How old is", "What is the age of"),
                ("How heavy is", "What is the weight of"),
            ],
            isUnseen: true
        ),
        GeneratedPairs(
            kind: "one word or two",
            frames: ["Is there a _ near the station?"],
            exchanges: [("carpark", "car park"), ("bookshop", "book shop"), ("playground", "play ground")],
            isUnseen: true
        ),
        GeneratedPairs(
            kind: "slips",
            frames: ["Where is the _?", "Can I return a _?"],
            exchanges: [("resturant", "restaurant"), ("umbrela", "umbrella"), ("calender", "calendar")]
        ),
    ]
}
