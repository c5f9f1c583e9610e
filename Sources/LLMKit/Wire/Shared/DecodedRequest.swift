/// A request as it came over the wire: what is asked, and how the answer is wanted.
package struct DecodedRequest: Hashable, Sendable {
    package var request: ChatRequest
    /// The id of the model, as the sender wrote it; also the request's ``ChatRequest/model``.
    package var model: String
    package var isStream = false
    /// Whether a stream should tell its usage. OpenAI's does so only when asked.
    package var wantsUsage = true
    /// How many answers are wanted. A ``ChatRequest`` is for one, so more are among the losses, too.
    package var answerCount = 1
    /// How the sender wants a Claude model to think, where that is more than an effort.
    package var thinking: AnthropicThinking?
    /// Where the sender wants the prompt kept in the vendor's cache, in the order of the prompt.
    package var cacheBreakpoints: [CacheBreakpoint] = []
    /// What of the body has no place in a ``ChatRequest``, by its name in the format.
    package var losses: [String] = []

    /// A place up to which the prompt should be kept in the vendor's cache.
    package struct CacheBreakpoint: Hashable, Sendable {
        package enum Place: Hashable, Sendable {
            /// Behind the tool with this index.
            case tool(Int)
            /// Behind a part of a message, both by index.
            case part(message: Int, part: Int)
        }

        package var place: Place
        /// An hour, rather than five minutes.
        package var isOneHour: Bool
    }

    mutating func lose(_ name: String) {
        if !losses.contains(name) { losses.append(name) }
    }
}
