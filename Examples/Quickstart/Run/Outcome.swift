import LLMKit

/// What became of one question, as whoever asked it saw it.
struct Outcome: Sendable {
    /// Where the answer came from.
    enum Origin: String, CaseIterable, Sendable {
        case cache
        case similar
        case cheap
        case strong
        case failed
    }

    /// The position in the file, from 0.
    var number: Int
    var origin: Origin
    /// From asking until the first piece of the answer; `nil` if there was none.
    var firstToken: Duration?
    /// From asking until the end.
    var total: Duration
    /// Everything that was charged for it, rejected answers included; `nil` if a price is unknown.
    var paid: Money?
    /// What the strong model alone would have cost.
    var baseline: Money?
    /// How sure the signal was of the cheap model's answer.
    var confidence: Double?
    var errorCode: LLMError.Code?
    /// Whether the question whose answer was served meant something else, as far as the file tells.
    var isWrongHit = false
}
