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
    private var rounds = Rounds()

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
            Self.merge(&input, report.input, isFinal)
            Self.merge(&cacheRead, report.cacheRead, isFinal)
            Self.merge(&cacheWrite, report.cacheWrite, isFinal)
            Self.merge(&write5m, report.write5m, isFinal)
            Self.merge(&write1h, report.write1h, isFinal)
            Self.merge(&output, report.output, isFinal)
            Self.merge(&thinking, report.thinking, isFinal)
        }

        private static func merge(_ known: inout Int?, _ value: Int?, _ replaces: Bool) {
            guard let value else { return }
            known = replaces && value > 0 ? value : max(known ?? 0, value)
        }
    }

    private struct Rounds {
        var input = 0
        var cacheRead = 0
        var cacheWrite = 0
        var write5m = 0
        var write1h = 0
        var output = 0

        /// Sums stop at the largest number that a vendor is believed: it may say anything.
        mutating func add(_ round: AnthropicUsage) {
            func sum(_ a: Int, _ b: Int?) -> Int { min(a + min(b ?? 0, 1 << 53), 1 << 53) }
            let round = round.counts
            input = sum(input, round.input)
            cacheRead = sum(cacheRead, round.cacheRead)
            cacheWrite = sum(cacheWrite, round.written)
            write5m = sum(write5m, round.write5m)
            write1h = sum(write1h, round.write1h)
            output = sum(output, round.output)
        }

        mutating func raise(to other: Rounds) {
            input = max(input, other.input)
            cacheRead = max(cacheRead, other.cacheRead)
            cacheWrite = max(cacheWrite, other.cacheWrite)
            write5m = max(write5m, other.write5m)
            write1h = max(write1h, other.write1h)
            output = max(output, other.output)
        }
    }
    /// What makes the call dearer than its tokens.
    private var surcharges: Set<String> = []

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
            case "input_tokens": Self.raise(&report.input, to: try json.tokenCount())
            case "cache_read_input_tokens": Self.raise(&report.cacheRead, to: try json.tokenCount())
            case "cache_creation_input_tokens": Self.raise(&report.cacheWrite, to: try json.tokenCount())
            case "ephemeral_5m_input_tokens": Self.raise(&report.write5m, to: try json.tokenCount())
            case "ephemeral_1h_input_tokens": Self.raise(&report.write1h, to: try json.tokenCount())
            case "thinking_tokens": Self.raise(&report.thinking, to: try json.tokenCount())
            case "output_tokens": Self.raise(&report.output, to: try json.tokenCount())
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
        var sum = Rounds()
        while try json.nextElement() {
            var round = AnthropicUsage()
            try round.read(&json, isFinal: true)
            sum.add(round)
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

    private static func raise(_ known: inout Int?, to value: Int?) {
        guard let value else { return }
        known = max(known ?? 0, value)
    }

    /// The disjoint classes.
    var normalised: Usage {
        let short = max(counts.write5m ?? 0, rounds.write5m)
        let long = max(counts.write1h ?? 0, rounds.write1h)
        let split = short + long
        let written = max(counts.cacheWrite ?? split, rounds.cacheWrite)
        var usage = Usage(
            input: max(counts.input ?? 0, rounds.input),
            cacheRead: max(counts.cacheRead ?? 0, rounds.cacheRead),
            // What the split does not name was written for the default time of five minutes.
            cacheWrite5m: short + max(0, written - split),
            cacheWrite1h: long,
            output: max(counts.output ?? 0, rounds.output),
            reasoning: counts.thinking ?? 0
        )
        // The API has no total. Where the parts of the writes exceed their sum, the sum is one, and `addsUp` must tell.
        if split > written { usage.reportedTotal = usage.total - split + written }
        return usage
    }
}
