/// Gathers the usage of a Messages answer from all events that report some.
///
/// The classes are disjoint already: `input_tokens` leaves out both what was read from and written to the prompt cache.
/// Which event carries what differs between gateways, and counts only grow, so the highest of each number counts.
struct AnthropicUsage {
    private var input: Int?
    private var cacheRead: Int?
    private var cacheWrite: Int?
    private var write5m: Int?
    private var write1h: Int?
    private var output: Int?
    private var thinking: Int?
    private var tier: String?
    /// What kind of round it is, where it is one of several.
    private var kind: String?
    /// The sums over all rounds that one call took, where the vendor tells them apart: compaction is billed, and only
    /// told here.
    private var rounds = Rounds()

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
            input = sum(input, round.input)
            cacheRead = sum(cacheRead, round.cacheRead)
            cacheWrite = sum(cacheWrite, round.cacheWrite ?? (round.write5m ?? 0) + (round.write1h ?? 0))
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

    var hasInput: Bool { input != nil }
    /// Whether the final count of output was reported, and not just that of the first event.
    private(set) var hasOutput = false

    /// Takes a `usage` object, or passes over what else stands in its place.
    /// - Parameter isFinal: whether it belongs to a finished answer; the first event of a stream counts only what was
    ///   written by then.
    mutating func read(_ json: inout JSONReader, isFinal: Bool) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "input_tokens": Self.raise(&input, to: try json.tokenCount())
            case "cache_read_input_tokens": Self.raise(&cacheRead, to: try json.tokenCount())
            case "cache_creation_input_tokens": Self.raise(&cacheWrite, to: try json.tokenCount())
            case "ephemeral_5m_input_tokens": Self.raise(&write5m, to: try json.tokenCount())
            case "ephemeral_1h_input_tokens": Self.raise(&write1h, to: try json.tokenCount())
            case "thinking_tokens": Self.raise(&thinking, to: try json.tokenCount())
            case "output_tokens":
                Self.raise(&output, to: try json.tokenCount())
                hasOutput = hasOutput || isFinal && output != nil
            // Both hold counts under names of their own.
            case "cache_creation", "output_tokens_details": try read(&json, isFinal: false)
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
        let short = max(write5m ?? 0, rounds.write5m)
        let long = max(write1h ?? 0, rounds.write1h)
        let split = short + long
        let written = max(cacheWrite ?? split, rounds.cacheWrite)
        var usage = Usage(
            input: max(input ?? 0, rounds.input),
            cacheRead: max(cacheRead ?? 0, rounds.cacheRead),
            // What the split does not name was written for the default time of five minutes.
            cacheWrite5m: short + max(0, written - split),
            cacheWrite1h: long,
            output: max(output ?? 0, rounds.output),
            reasoning: thinking ?? 0
        )
        // The API has no total. Where the parts of the writes exceed their sum, the sum is one, and `addsUp` must tell.
        if split > written { usage.reportedTotal = usage.total - split + written }
        return usage
    }
}
