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
    private var promptAudio: Int?

    // A total and one of its two parts tell the other.
    var hasInput: Bool { prompt != nil || cacheMiss != nil || (total != nil && completion != nil) }
    var hasOutput: Bool { completion != nil || (total != nil && prompt != nil) }

    /// Takes tokens read from the prompt cache that were reported outside of `usage`.
    mutating func countCached(_ tokens: Int?) { Self.raise(&cached, to: tokens) }

    /// Takes a `usage` object, or passes over what else stands in its place.
    mutating func read(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            // The second names are those of OpenAI's other interface, which some gateways use here, too.
            case "prompt_tokens", "input_tokens": Self.raise(&prompt, to: try json.tokenCount())
            case "completion_tokens", "output_tokens": Self.raise(&completion, to: try json.tokenCount())
            case "total_tokens": Self.raise(&total, to: try json.tokenCount())
            case "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens", "num_cached_tokens":
                Self.raise(&cached, to: try json.tokenCount())
            case "cache_creation_input_tokens": Self.raise(&cacheWrite, to: try json.tokenCount())
            case "prompt_cache_miss_tokens": Self.raise(&cacheMiss, to: try json.tokenCount())
            case "reasoning_tokens": Self.raise(&reasoning, to: try json.tokenCount())
            case "prompt_tokens_details", "input_tokens_details": try readDetails(&json, ofPrompt: true)
            case "completion_tokens_details", "output_tokens_details": try readDetails(&json, ofPrompt: false)
            default: try json.skipValue()
            }
        }
    }

    private mutating func readDetails(_ json: inout JSONReader, ofPrompt: Bool) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "cached_tokens": Self.raise(&cached, to: try json.tokenCount())
            case "cache_write_tokens", "cache_creation_input_tokens", "cache_creation_tokens":
                Self.raise(&cacheWrite, to: try json.tokenCount())
            case "reasoning_tokens": Self.raise(&reasoning, to: try json.tokenCount())
            case "audio_tokens" where ofPrompt: Self.raise(&promptAudio, to: try json.tokenCount())
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
        var written = cacheWrite ?? 0
        // A total without either part tells neither.
        let isHalfTold = (self.prompt == nil) != (self.completion == nil)
        let rest = isHalfTold ? total.map { max(0, $0 - (self.prompt ?? 0) - (self.completion ?? 0)) } ?? 0 : 0
        let prompt = self.prompt ?? cacheMiss.map { $0 + cached } ?? rest
        let completion = self.completion ?? rest
        let reasoning = reasoning ?? 0
        // A token is read from the cache or written to it: a gateway that tells the same ones as both means those read.
        if written == cached, cached + written > prompt { written = 0 }
        var reading = Reading(reasoningIsApart: reasoning > completion)
        var hidden = 0
        if let total {
            let parts = Parts(prompt: prompt, completion: completion, cache: cached + written, reasoning: reasoning)
            if let fitting = Reading.ways.first(where: { parts.sum(by: $0) == total }) {
                reading = fitting
            } else {
                // More than all that was named: thinking that is billed and not shown (Gemini).
                hidden = max(0, total - parts.sum(by: reading))
            }
            if self.prompt == nil, self.completion == nil { hidden = 0 }
        }
        // Unless it is the sound of the prompt, counted apart.
        let sound = hidden > 0 && hidden == promptAudio ? hidden : 0
        hidden -= sound
        var usage = Usage(
            input: (reading.cacheIsApart ? prompt : max(0, prompt - cached - written)) + sound,
            cacheRead: cached,
            cacheWrite5m: written,
            output: (reading.reasoningIsApart ? completion + reasoning : completion) + hidden,
            reasoning: (reading.reasoningIsApart ? reasoning : min(reasoning, completion)) + hidden,
            reportedTotal: total,
            // Counted by the vendor, but what as is our guess.
            isEstimated: hidden > 0
        )
        // More cached than there was: no class can be trusted, and `addsUp` must say so.
        if total == nil, cached + written > prompt { usage.reportedTotal = prompt + usage.output }
        return usage
    }

    private struct Parts {
        var prompt: Int
        var completion: Int
        var cache: Int
        var reasoning: Int

        func sum(by reading: Reading) -> Int {
            prompt + completion + (reading.reasoningIsApart ? reasoning : 0) + (reading.cacheIsApart ? cache : 0)
        }
    }

    /// How a vendor counts: OpenAI's way where it fits or nothing does.
    private struct Reading {
        var reasoningIsApart = false
        var cacheIsApart = false

        /// The vendor's total decides; without one, reasoning that exceeds all output cannot be a part of it.
        static let ways = [
            Reading(), Reading(reasoningIsApart: true), Reading(cacheIsApart: true),
            Reading(reasoningIsApart: true, cacheIsApart: true),
        ]
    }
}
