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
            prompt.merge(report.prompt, replaces: isFull)
            completion.merge(report.completion, replaces: isFull)
            total.merge(report.total, replaces: isFull)
            cached.merge(report.cached, replaces: isFull)
            cacheWrite.merge(report.cacheWrite, replaces: isFull)
            cacheMiss.merge(report.cacheMiss, replaces: isFull)
            reasoning.merge(report.reasoning, replaces: isFull)
            promptAudio.merge(report.promptAudio, replaces: isFull)
        }
    }

    // A total and one of its two parts tell the other.
    var hasInput: Bool {
        counts.prompt != nil || counts.cacheMiss != nil || (counts.total != nil && counts.completion != nil)
    }
    var hasOutput: Bool { counts.completion != nil || (counts.total != nil && counts.prompt != nil) }

    /// Takes tokens read from the prompt cache that were reported outside of `usage`.
    mutating func countCached(_ tokens: Int?) { counts.cached.raise(to: tokens) }

    /// Takes a `usage` object, or passes over what else stands in its place.
    mutating func read(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        var report = Counts()
        while let key = try json.nextKey() {
            switch key {
            // Asked for first: there are servers that send these with every chunk.
            case "prompt_tokens": report.prompt.raise(to: try json.tokenCount())
            case "completion_tokens": report.completion.raise(to: try json.tokenCount())
            case "total_tokens": report.total.raise(to: try json.tokenCount())
            case "prompt_tokens_details", "input_tokens_details":
                try Self.readDetails(&json, ofPrompt: true, into: &report)
            case "completion_tokens_details", "output_tokens_details":
                try Self.readDetails(&json, ofPrompt: false, into: &report)
            case "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens", "num_cached_tokens":
                report.cached.raise(to: try json.tokenCount())
            case "cache_creation_input_tokens": report.cacheWrite.raise(to: try json.tokenCount())
            case "prompt_cache_miss_tokens": report.cacheMiss.raise(to: try json.tokenCount())
            case "reasoning_tokens": report.reasoning.raise(to: try json.tokenCount())
            // The first names are those of OpenAI's other interface, which some gateways use here, too; the second those
            // of libraries that write what they hold as it is.
            case "input_tokens", "promptTokens": report.prompt.raise(to: try json.tokenCount())
            case "output_tokens", "completionTokens": report.completion.raise(to: try json.tokenCount())
            case "totalTokens": report.total.raise(to: try json.tokenCount())
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
            case "cached_tokens": report.cached.raise(to: try json.tokenCount())
            case "cache_write_tokens", "cache_creation_input_tokens", "cache_creation_tokens":
                report.cacheWrite.raise(to: try json.tokenCount())
            case "reasoning_tokens": report.reasoning.raise(to: try json.tokenCount())
            case "audio_tokens" where ofPrompt: report.promptAudio.raise(to: try json.tokenCount())
            default: try json.skipValue()
            }
        }
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
