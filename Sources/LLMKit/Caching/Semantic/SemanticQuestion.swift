/// What of a request a semantic cache compares by meaning, and the hard partition for all the rest.
///
/// Similarity counts only between questions that share everything else: tenant, models and routes, system prompt,
/// earlier turns, response format, sampling. So an answer never crosses to another tenant, and «how old is he?» never
/// meets the same words about somebody else.
struct SemanticQuestion: Sendable {
    let partition: Fingerprint
    /// The last user turn, or the last few turns.
    let text: String

    /// - Returns: `nil` if the request is none for a semantic cache: it offers tools, shows pictures, samples too
    ///   freely, does not end with a user's words, or forbids it; if it names no user where users are kept apart; or if it
    ///   cannot be told who said what in its window.
    init?(_ request: ChatRequest, _ context: CacheContext, _ options: SemanticCacheOptions) {
        guard !request.cachePolicy.contains(.exactOnly), request.tools.isEmpty,
            request.sampling.temperature.map({ $0 <= options.highestTemperature }) ?? true,
            request.messages.last?.role == .user
        else { return nil }
        // Where users are kept apart, those who have no name are nobody's equal.
        let user = options.isolation == .user ? request.caller.user : ""
        guard let user, options.isolation == .tenant || !user.isEmpty else { return nil }
        var start = request.messages.count
        var turns = 0
        while start > 0, turns < options.window {
            start -= 1
            switch request.messages[start].role {
            case .user: turns += 1
            case .assistant: break
            case .system, .tool:
                // What a tool said, and who the model is to be, is never compared by meaning.
                start += 1
                turns = options.window
            }
        }
        guard let text = Self.text(of: request.messages[start...]) else { return nil }
        self.text = text
        var rest = request
        rest.messages.removeSubrange(start...)
        // A turn in the window and one before it must not be taken for each other: the count tells them apart.
        let window = request.messages.count - start
        partition = Fingerprint(
            of: rest,
            models: "semantic \(window) \(user.utf8.count):\(user)\(context.models)",
            partition: context.partition
        )
    }

    /// The words of the turns, told apart by who speaks; `nil` if there are none, or something else than words.
    private static func text(of turns: ArraySlice<ChatMessage>) -> String? {
        for turn in turns {
            for part in turn.parts {
                guard case .text = part else { return nil }
            }
        }
        guard let last = turns.last?.text, last.contains(where: { !$0.isWhitespace }) else { return nil }
        if turns.count == 1 { return last }
        // Embedders do not see line breaks: a turn that holds a speaker's mark would read as two turns.
        guard !turns.contains(where: { holdsSpeaker($0.text) }) else { return nil }
        return turns.map { "\($0.role.rawValue): \($0.text)" }.joined(separator: "\n")
    }

    /// Whether a text holds what stands before turns, such as «user:», in any case and with blanks before the colon.
    private static func holdsSpeaker(_ text: String) -> Bool {
        text.split(separator: ":", omittingEmptySubsequences: false).dropLast().contains { before in
            let word = before.reversed().drop(while: \.isWhitespace).prefix { $0.isLetter }
            return ChatMessage.Role(rawValue: String(word.reversed()).lowercased()) != nil
        }
    }
}
