/// What turns a sentence round.
extension TraitsBuilder {
    /// - Parameter isEnding: Whether it is the "n't" of the word here.
    mutating func negate(at here: Int, isEnding: Bool = false) {
        if here + 1 < tokens.count, tokens[here + 1].kind == .word,
            let next = tokens[here + 1].entry, next.flags.contains(.hollowAfter)
        {
            return
        }
        // "Prevent it from failing": it goes well.
        let before = tokens[max(0, here - 7)..<here]
        if before.contains(where: { Self.preventing.contains($0.letters) }),
            isEnding || tokens[here].letters != Self.without
        {
            return
        }
        // "Not without".
        if !isEnding, here + 1 < tokens.count, tokens[here].letters == Self.not,
            tokens[here + 1].letters == Self.without
        {
            if index == here + 1 { index += 1 }
            return
        }
        if !isEnding, tokens[here].letters == Self.not, here > 0, tokens[here - 1].kind == .word,
            let before = tokens[here - 1].entry, before.flags.contains(.hollowBefore)
        {
            return
        }
        if here + 1 < tokens.count, Self.ceasing.contains(tokens[here + 1].letters) {
            // What "won't stop crashing" keeps crashing.
            if index == here + 1 { index += 1 }
            return
        }
        negations += 1
    }

    private static let ceasing: [Letters] = ["stop", "quit", "cease"].map { Letters($0) }

    private static let not = Letters("not")
    private static let without = Letters("without")
    private static let preventing: [Letters] = ["prevent", "preventing", "avoid", "avoiding"].map { Letters($0) }
}
