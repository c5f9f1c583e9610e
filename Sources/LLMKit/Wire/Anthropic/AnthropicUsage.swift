/// Gathers the usage of a Messages answer from all events that report some.
///
/// The classes are disjoint already: `input_tokens` leaves out both what was read from and written to the prompt cache.
/// Which event carries what differs between gateways. What the end of an answer reports replaces what its beginning did,
/// which may be an estimate, or not yet split into what was cached and what was not; zeros and gaps replace nothing.
struct AnthropicUsage {
    private var counts = Counts()
    private var tier: String?
    /// What kind of round it is, where it is one of several.
    private var kind: String?
    /// The sums over all rounds that one call took, where the vendor tells them apart: compaction is billed, and only
    /// told here.
    private var rounds = Counts()
    /// What makes the call dearer than its tokens.
    private var surcharges: Set<String> = []

    /// The numbers as one event, or all of them, report them.
    private struct Counts {
        var input: Int?
        var cacheRead: Int?
        var cacheWrite: Int?
        var write5m: Int?
        var write1h: Int?
        var output: Int?
        var thinking: Int?

        var written: Int { cacheWrite ?? (write5m ?? 0) + (write1h ?? 0) }

        /// - Parameter isFinal: whether the report ends the answer, so that it knows better than those before it.
        mutating func take(_ report: Counts, isFinal: Bool) {
            let cached = (report.cacheRead ?? 0) + report.written
            // All of it came from the cache, or went there: the zero says so.
            if isFinal, report.input == 0, cached > 0, (cacheRead ?? 0) + written == 0, input ?? 0 <= cached {
                input = 0
            }
            input.merge(report.input, replaces: isFinal)
            cacheRead.merge(report.cacheRead, replaces: isFinal)
            cacheWrite.merge(report.cacheWrite, replaces: isFinal)
            write5m.merge(report.write5m, replaces: isFinal)
            write1h.merge(report.write1h, replaces: isFinal)
            output.merge(report.output, replaces: isFinal)
            thinking.merge(report.thinking, replaces: isFinal)
        }

        /// Adds what one round took. Sums stop at the largest number that a vendor is believed: it may say anything.
        mutating func add(_ round: Counts) {
            func sum(_ a: Int?, _ b: Int?) -> Int { min((a ?? 0) + min(b ?? 0, 1 << 53), 1 << 53) }
            input = sum(input, round.input)
            cacheRead = sum(cacheRead, round.cacheRead)
            cacheWrite = sum(cacheWrite, round.written)
            write5m = sum(write5m, round.write5m)
            write1h = sum(write1h, round.write1h)
            output = sum(output, round.output)
        }

        mutating func raise(to other: Counts) {
            input.raise(to: other.input)
            cacheRead.raise(to: other.cacheRead)
            cacheWrite.raise(to: other.cacheWrite)
            write5m.raise(to: other.write5m)
            write1h.raise(to: other.write1h)
            output.raise(to: other.output)
        }
    }

    /// The tier, and what costs extra on top of it: `standard+us`, `standard+web_search`. Where the price list knows what
    /// that costs, it is billed; otherwise the cost is unknown rather than too low. An app that knows it may price it itself.
    var serviceTier: String? {
        surcharges.isEmpty
            ? tier : ([tier ?? ServiceTier.standard.description] + surcharges.sorted()).joined(separator: "+")
    }

    var hasInput: Bool { counts.input != nil }
    /// Whether the final count of output was reported, and not just that of the first event.
    private(set) var hasOutput = false

    /// Takes a `usage` object, or passes over what else stands in its place.
    /// - Parameter isFinal: whether it belongs to a finished answer; the first event of a stream counts only what was
    ///   written by then.
    mutating func read(_ json: inout JSONReader, isFinal: Bool) throws(JSONReader.Failure) {
        var report = Counts()
        try read(&json, into: &report)
        counts.take(report, isFinal: isFinal)
        hasOutput = hasOutput || isFinal && report.output != nil
    }

    private mutating func read(_ json: inout JSONReader, into report: inout Counts) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "input_tokens": report.input.raise(to: try json.tokenCount())
            case "cache_read_input_tokens": report.cacheRead.raise(to: try json.tokenCount())
            case "cache_creation_input_tokens": report.cacheWrite.raise(to: try json.tokenCount())
            case "ephemeral_5m_input_tokens": report.write5m.raise(to: try json.tokenCount())
            case "ephemeral_1h_input_tokens": report.write1h.raise(to: try json.tokenCount())
            case "thinking_tokens": report.thinking.raise(to: try json.tokenCount())
            case "output_tokens": report.output.raise(to: try json.tokenCount())
            // The names of the other format, which gateways leave as they are.
            case "prompt_tokens":
                if report.input == nil { report.input = try json.tokenCount() } else { try json.skipValue() }
            case "completion_tokens":
                if report.output == nil { report.output = try json.tokenCount() } else { try json.skipValue() }
            // Both hold counts under names of their own.
            case "cache_creation", "output_tokens_details": try read(&json, into: &report)
            case "iterations": try readRounds(&json)
            case "type": kind = try json.word()
            case "service_tier": tier = try json.word() ?? tier
            case "inference_geo", "speed":
                guard let word = try json.word(), !Self.ordinary.contains(word) else { continue }
                surcharges.insert(word)
            case "server_tool_use": try readTools(&json)
            default: try json.skipValue()
            }
        }
    }

    /// Rounds that the model itself made.
    private static let ownRounds: Set<String> = ["message", "compaction"]

    /// Regions and speeds that cost nothing extra.
    private static let ordinary: Set<String> = ["global", "not_available", "standard"]

    private mutating func readRounds(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterArray() else { return }
        var sum = Counts()
        while try json.nextElement() {
            var round = AnthropicUsage()
            try round.read(&json, isFinal: true)
            sum.add(round.counts)
            // Another model's, at another price.
            if let kind = round.kind, !Self.ownRounds.contains(kind) { surcharges.insert(kind) }
        }
        rounds.raise(to: sum)
    }

    /// Takes the counts of tools that ran at the vendor, which are billed by the use.
    private mutating func readTools(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            let name = key.string
            // Fetched pages cost only their tokens.
            guard let count = try json.tokenCount(), count > 0, name != "web_fetch_requests" else { continue }
            surcharges.insert(name.hasSuffix("_requests") ? String(name.dropLast(9)) : name)
        }
    }

    /// The disjoint classes.
    var normalised: Usage {
        var counts = counts
        // What all rounds took together is what is billed; the answer's own numbers may be those of the last alone.
        let written = counts.cacheWrite
        counts.raise(to: rounds)
        let split = (counts.write5m ?? 0) + (counts.write1h ?? 0)
        let cacheWrite = max(written ?? split, rounds.cacheWrite ?? 0)
        var usage = Usage(
            input: counts.input ?? 0,
            cacheRead: counts.cacheRead ?? 0,
            // What the split does not name was written for the default time of five minutes.
            cacheWrite5m: (counts.write5m ?? 0) + max(0, cacheWrite - split),
            cacheWrite1h: counts.write1h ?? 0,
            output: counts.output ?? 0,
            reasoning: counts.thinking ?? 0
        )
        // The API has no total. Where the parts of the writes exceed their sum, the sum is one, and `addsUp` must tell.
        if split > cacheWrite { usage.reportedTotal = usage.total - split + cacheWrite }
        return usage
    }
}
