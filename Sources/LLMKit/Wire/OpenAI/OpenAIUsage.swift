/// Gathers the usage of a Chat Completions answer from wherever a vendor puts it, and makes disjoint classes of it.
///
/// `prompt_tokens` contains the cached tokens and `completion_tokens` the reasoning; where a vendor counts otherwise, its
/// own total tells. Numbers may come several times (vLLM's running counts, Groq's `x_groq`): the highest of each counts.
struct OpenAIUsage {
    private var prompt: Int?
    private var completion: Int?
    private var total: Int?
    private var cached: Int?
    private var cacheWrite: Int?
    private var cacheMiss: Int?
    private var reasoning: Int?

    var hasInput: Bool { prompt != nil || cacheMiss != nil }
    var hasOutput: Bool { completion != nil }

    /// Takes tokens read from the prompt cache that were reported outside of `usage`.
    mutating func countCached(_ tokens: Int?) { Self.raise(&cached, to: tokens) }

    /// Takes a `usage` object, or passes over what else stands in its place.
    mutating func read(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "prompt_tokens": Self.raise(&prompt, to: try json.tokenCount())
            case "completion_tokens": Self.raise(&completion, to: try json.tokenCount())
            case "total_tokens": Self.raise(&total, to: try json.tokenCount())
            case "prompt_cache_hit_tokens", "cached_tokens": Self.raise(&cached, to: try json.tokenCount())
            case "prompt_cache_miss_tokens": Self.raise(&cacheMiss, to: try json.tokenCount())
            case "prompt_tokens_details", "completion_tokens_details": try readDetails(&json)
            default: try json.skipValue()
            }
        }
    }

    private mutating func readDetails(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "cached_tokens": Self.raise(&cached, to: try json.tokenCount())
            case "cache_write_tokens", "cache_creation_input_tokens":
                Self.raise(&cacheWrite, to: try json.tokenCount())
            case "reasoning_tokens": Self.raise(&reasoning, to: try json.tokenCount())
            default: try json.skipValue()
            }
        }
    }

    private static func raise(_ known: inout Int?, to value: Int?) {
        guard let value else { return }
        known = max(known ?? 0, value)
    }

    /// The disjoint classes.
    var normalised: Usage {
        let cached = cached ?? 0
        let written = cacheWrite ?? 0
        let prompt = prompt ?? cacheMiss.map { $0 + cached } ?? 0
        let completion = completion ?? 0
        let reasoning = reasoning ?? 0
        // Reasoning that exceeds all output cannot be a part of it. Otherwise the vendor's total decides, and OpenAI's
        // way of counting holds where it fits or nothing does.
        var reasoningIsApart = reasoning > completion
        var cacheIsApart = false
        if let total {
            for (apart, cacheApart) in [(reasoningIsApart, false), (true, false), (false, true), (true, true)] {
                let sum = prompt + completion + (apart ? reasoning : 0) + (cacheApart ? cached + written : 0)
                guard sum == total else { continue }
                (reasoningIsApart, cacheIsApart) = (apart, cacheApart)
                break
            }
        }
        var usage = Usage(
            input: cacheIsApart ? prompt : max(0, prompt - cached - written),
            cacheRead: cached,
            cacheWrite5m: written,
            output: reasoningIsApart ? completion + reasoning : completion,
            reasoning: reasoning,
            reportedTotal: total
        )
        // More cached than there was: no class can be trusted, and `addsUp` must say so.
        if total == nil, cached + written > prompt { usage.reportedTotal = prompt + usage.output }
        return usage
    }
}
