/// Texts of many kinds, to see what the activations of an encoder are like before it is rounded to eight bits.
///
/// They set the means and the relative sizes of its channels, not what it does: every text is rounded by a scale of its
/// own. Changing them changes vectors, and therefore ``version``.
enum CalibrationTexts {
    static let version = 1

    static let all = [
        "How do I reset my password?",
        "The quick brown fox jumps over the lazy dog.",
        "What is the capital of France, and how many people live there?",
        "My card was charged twice for the same order; please refund one of the payments.",
        "Write a function that sorts a list of numbers.",
        "Set an alarm for 6:30 tomorrow morning.",
        "In 1969, two astronauts walked on the moon.",
        "Is it safe to take ibuprofen with alcohol?",
        "Translate 'good night' into Spanish, German and Japanese.",
        "thanks",
        "Why does the sky look blue during the day but red at sunset?",
        "Our quarterly revenue rose 12% to $4.5 million.",
        "can you tell me a joke about cats",
        "The parcel has not arrived yet. Where is it?",
        "Explain quantum entanglement to a ten-year-old.",
        "He said he wouldn't come, but she didn't believe him.",
        "Which is better for beginners, Python or Java?",
        "Turn off the lights in the living room",
        "Who wrote Pride and Prejudice?",
        "The committee will meet on Thursday to discuss the new policy on remote work.",
        "What are the side effects of the new vaccine?",
        "best way to lose weight fast without exercise",
        "I want to cancel my subscription, effective immediately.",
        "Error: connection refused (code 111) at line 42",
        // In short ones, the frame's tokens weigh most.
        "yes",
        "no, that isn't right",
        "okay",
        "I have no idea",
        "hello there",
        "not now",
        "what?",
        "never mind",
        "sure, go ahead",
        "thank you so much",
        "stop",
        "true or false",
        "that's wrong",
        "help",
        "bye",
    ]
}
