/// The vendor's memory of prompt prefixes it has read before, which it reads again at a discount.
///
/// A prefix counts as known from the moment its first request arrives, so that a total does not depend on which of two
/// simultaneous requests is the quicker.
struct PromptCache: Sendable {
    private var known: Set<Prefix> = []

    private struct Prefix: Hashable {
        var model: String
        var bytes: Int
        var hash: StableHash
    }

    /// OpenAI caches by itself, in steps of this many tokens.
    static let step = 128
    /// Enough for every prompt of a demo; beyond it the oldest knowledge is not worth keeping.
    private static let limit = 100_000

    /// Input tokens by class, as the vendor bills them.
    struct Split: Equatable, Sendable {
        var uncached = 0
        var read = 0
        var written5m = 0
        var written1h = 0
    }

    /// Caches every long prefix without being asked, as OpenAI does; writing is free.
    mutating func automatic(_ conversation: Conversation, minimum: Int) -> Split {
        makeRoom()
        let total = conversation.inputTokens
        var read = 0
        var hash = StableHash(seed: 0)
        var position = 0
        while position + Self.step * Tokens.bytesEach <= conversation.prompt.count {
            let next = position + Self.step * Tokens.bytesEach
            hash.combine(conversation.prompt[position..<next])
            position = next
            let isNew = known.insert(Prefix(model: conversation.model, bytes: position, hash: hash)).inserted
            if !isNew { read = position / Tokens.bytesEach }
        }
        if read < minimum { read = 0 }
        return Split(uncached: total - read, read: read)
    }

    /// Caches up to the marked places, as Anthropic does; writing costs extra.
    mutating func marked(_ conversation: Conversation, minimum: Int) -> Split {
        makeRoom()
        let total = conversation.inputTokens
        var split = Split()
        var hash = StableHash(seed: 1)
        var position = 0
        var covered = 0
        for point in conversation.breakpoints where point.bytes <= conversation.prompt.count {
            hash.combine(conversation.prompt[position..<point.bytes])
            position = point.bytes
            let tokens = Tokens.count(bytes: position)
            guard tokens >= minimum else { continue }
            let isNew = known.insert(Prefix(model: conversation.model, bytes: position, hash: hash)).inserted
            switch (isNew, point.isOneHour) {
            case (false, _): split.read += tokens - covered
            case (true, false): split.written5m += tokens - covered
            case (true, true): split.written1h += tokens - covered
            }
            covered = tokens
        }
        split.uncached = total - covered
        return split
    }

    private mutating func makeRoom() {
        if known.count > Self.limit { known.removeAll() }
    }
}
