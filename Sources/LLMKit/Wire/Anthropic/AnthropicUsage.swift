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
    /// What makes the call dearer than its tokens.
    private var surcharges: Set<String> = []

    /// The tier, and what costs extra on top of it: `standard+us`, `standard+web_search`. No price list has such tiers,
    /// so the cost is unknown then rather than too low; an app that knows it may price them itself.
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
        guard try json.kind() == .object else { return try json.skipValue() }
        try json.beginObject()
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
            case "service_tier": tier = try json.stringIfAny() ?? tier
            case "inference_geo", "speed":
                guard let word = try json.stringIfAny(), !Self.ordinary.contains(word) else { continue }
                surcharges.insert(word)
            case "server_tool_use": try readTools(&json)
            default: try json.skipValue()
            }
        }
    }

    /// Regions and speeds that cost nothing extra.
    private static let ordinary: Set<String> = ["global", "not_available", "standard", ""]

    /// Takes the counts of tools that ran at the vendor, which are billed by the use.
    private mutating func readTools(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        try json.beginObject()
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
        let split = (write5m ?? 0) + (write1h ?? 0)
        let written = cacheWrite ?? split
        var usage = Usage(
            input: input ?? 0,
            cacheRead: cacheRead ?? 0,
            // What the split does not name was written for the default time of five minutes.
            cacheWrite5m: (write5m ?? 0) + max(0, written - split),
            cacheWrite1h: write1h ?? 0,
            output: output ?? 0,
            reasoning: thinking ?? 0
        )
        // The API has no total. Where the parts of the writes exceed their sum, the sum is one, and `addsUp` must tell.
        if split > written { usage.reportedTotal = usage.total - split + written }
        return usage
    }
}
