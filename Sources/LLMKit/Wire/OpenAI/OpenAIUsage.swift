/// Gathers the usage of a Chat Completions answer from wherever a vendor puts it, and makes disjoint classes of it.
///
/// `prompt_tokens` contains the cached tokens and `completion_tokens` the reasoning; where a vendor counts otherwise, its
/// own total tells. Numbers may come several times (vLLM's running counts, Groq's `x_groq`): the last report that has input
/// and output counts, since what came before it may be an estimate; of others, the highest of each number.
struct OpenAIUsage {
    private var counts = Counts()

    /// The numbers as one report, or all of them, have them.
    private struct Counts {
        var prompt: Int?
        var completion: Int?
        var total: Int?
        var cached: Int?
        var cacheWrite: Int?
        var cacheMiss: Int?
        var reasoning: Int?
        var promptAudio: Int?

        mutating func take(_ report: Counts) {
            let isFull = report.prompt ?? 0 > 0 && report.completion ?? 0 > 0
            Self.merge(&prompt, report.prompt, isFull)
            Self.merge(&completion, report.completion, isFull)
            Self.merge(&total, report.total, isFull)
            Self.merge(&cached, report.cached, isFull)
            Self.merge(&cacheWrite, report.cacheWrite, isFull)
            Self.merge(&cacheMiss, report.cacheMiss, isFull)
            Self.merge(&reasoning, report.reasoning, isFull)
            Self.merge(&promptAudio, report.promptAudio, isFull)
        }

        private static func merge(_ known: inout Int?, _ value: Int?, _ replaces: Bool) {
            guard let value else { return }
            known = replaces && value > 0 ? value : max(known ?? 0, value)
        }
    }

    // A total and one of its two parts tell the other.
    var hasInput: Bool {
        counts.prompt != nil || counts.cacheMiss != nil || (counts.total != nil && counts.completion != nil)
    }
    var hasOutput: Bool { counts.completion != nil || (counts.total != nil && counts.prompt != nil) }

    /// Takes tokens read from the prompt cache that were reported outside of `usage`.
    mutating func countCached(_ tokens: Int?) { Self.raise(&counts.cached, to: tokens) }

    /// Takes a `usage` object, or passes over what else stands in its place.
    mutating func read(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        var report = Counts()
        while let key = try json.nextKey() {
            switch key {
            // The second names are those of OpenAI's other interface, which some gateways use here, too; the third those
            // of libraries that write what they hold as it is.
            case "prompt_tokens", "input_tokens", "promptTokens": Self.raise(&report.prompt, to: try json.tokenCount())
            case "completion_tokens", "output_tokens", "completionTokens":
                Self.raise(&report.completion, to: try json.tokenCount())
            case "total_tokens", "totalTokens": Self.raise(&report.total, to: try json.tokenCount())
            case "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens", "num_cached_tokens":
                Self.raise(&report.cached, to: try json.tokenCount())
            case "cache_creation_input_tokens": Self.raise(&report.cacheWrite, to: try json.tokenCount())
            case "prompt_cache_miss_tokens": Self.raise(&report.cacheMiss, to: try json.tokenCount())
            case "reasoning_tokens": Self.raise(&report.reasoning, to: try json.tokenCount())
            case "prompt_tokens_details", "input_tokens_details":
                try Self.readDetails(&json, ofPrompt: true, into: &report)
            case "completion_tokens_details", "output_tokens_details":
                try Self.readDetails(&json, ofPrompt: false, into: &report)
            default: try json.skipValue()
            }
        }
        counts.take(report)
    }

    private static func readDetails(
        _ json: inout JSONReader,
        ofPrompt: Bool,
        into report: inout Counts
    ) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "cached_tokens": raise(&report.cached, to: try json.tokenCount())
            case "cache_write_tokens", "cache_creation_input_tokens", "cache_creation_tokens":
                raise(&report.cacheWrite, to: try json.tokenCount())
            case "reasoning_tokens": raise(&report.reasoning, to: try json.tokenCount())
            case "audio_tokens" where ofPrompt: raise(&report.promptAudio, to: try json.tokenCount())
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
        let total = counts.total
        let cached = counts.cached ?? 0
        var written = counts.cacheWrite ?? 0
        // A total without either part tells neither.
        let isHalfTold = (counts.prompt == nil) != (counts.completion == nil)
        let rest = isHalfTold ? total.map { max(0, $0 - (counts.prompt ?? 0) - (counts.completion ?? 0)) } ?? 0 : 0
        let prompt = counts.prompt ?? counts.cacheMiss.map { $0 + cached } ?? rest
        let completion = counts.completion ?? rest
        let reasoning = counts.reasoning ?? 0
        // A token is read from the cache or written to it: a gateway that tells the same ones as both means those read.
        if written == cached, cached + written > prompt { written = 0 }
        var reading = Reading(reasoningIsApart: reasoning > completion)
        var hidden = 0
        if let total {
            let parts = Parts(prompt: prompt, completion: completion, cache: cached + written, reasoning: reasoning)
            // Far more reasoning than output is none of it, whatever adds up without it (Perplexity leaves it out of the total
            // and bills it); a little more is a count that includes its marks.
            let isLeftOut = reasoning > completion + max(16, completion / 8)
            let ways = Reading.ways.lazy.filter { $0.reasoningIsApart || !isLeftOut }
            if let fitting = ways.first(where: { parts.sum(by: $0) == total }) {
                reading = fitting
            } else {
                // More than all that was named: thinking that is billed and not shown (Gemini).
                hidden = max(0, total - parts.sum(by: reading))
            }
            if counts.prompt == nil, counts.completion == nil { hidden = 0 }
        }
        // Unless it is the sound of the prompt, counted apart.
        let sound = hidden > 0 && hidden == counts.promptAudio ? hidden : 0
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
