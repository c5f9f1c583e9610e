/// What the reasons mean that vendors, gateways and servers give for the end of an answer, in all formats: gateways pass
/// one format's words on in the other.
enum FinishMeaning {
    /// The model came to its end, with text or calls.
    case success
    case reason(FinishReason)
    /// The model asks for a tool.
    case calls
    case failure
    /// A word for no reason at all, which some servers write in every event.
    case nothing

    /// - Parameter word: the vendor's. Case does not matter, nor how its parts are joined.
    /// - Returns: `nil` for a word that nobody here knows.
    static func of(_ word: String) -> FinishMeaning? {
        if let meaning = meanings[word] { return meaning }
        let name = String(word.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
        if let meaning = meanings[name] { return meaning }
        // A kind and its reason: "content_filter: RECITATION".
        let parts = word.split(separator: ":", maxSplits: 1).map { $0.drop { $0.isWhitespace } }
        guard parts.count == 2 else { return nil }
        return of(String(parts[1])) ?? of(String(parts[0]))
    }

    /// In lower case, as vendors and servers have them.
    private static let meanings: [String: FinishMeaning] = {
        let groups: [(FinishMeaning, [String])] = [
            (
                .success,
                [
                    "stop", "eos", "eos_token", "stop_sequence", "stop_token", "end_turn", "complete", "completed",
                    "finish", "finished", "done", "end",
                ]
            ),
            (
                .reason(.length),
                [
                    "length", "model_length", "max_tokens", "max_output_tokens", "max_new_tokens",
                    "max_completion_tokens", "max_length", "token_limit", "error_limit",
                    "model_context_window_exceeded",
                ]
            ),
            (.calls, ["tool_calls", "function_call", "tool_use", "tool_call"]),
            (
                .reason(.contentFilter),
                [
                    "content_filter", "content_filtered", "safety", "recitation", "prohibited_content", "blocklist",
                    "spii", "language", "image_safety", "image_prohibited_content", "image_recitation", "image_other",
                    "model_armor", "sensitive", "guardrail_intervened", "error_toxic",
                ]
            ),
            (.reason(.refusal), ["refusal"]),
            (
                .failure,
                [
                    "error", "insufficient_system_resource", "malformed_function_call", "unexpected_tool_call",
                    "function_call_filter", "network_error", "upstream_error", "gateway_error", "server_error",
                    "internal_error", "engine_error", "abort", "aborted", "cancelled", "canceled", "failed", "timeout",
                ]
            ),
            (
                .nothing,
                ["null", "none", "nil", "undefined", "unknown", "unspecified", "finish_reason_unspecified"]
            ),
        ]
        return Dictionary(groups.flatMap { group in group.1.map { ($0, group.0) } }) { first, _ in first }
    }()

    /// A failure that the vendor calls an end.
    static func failed(_ name: String?) -> DecodingFailure {
        .vendor(VendorError(message: "the model stopped on an error", codes: [name].compactMap { $0 }))
    }

    /// A call that nobody can run.
    static var nameIsMissing: DecodingFailure {
        .vendor(VendorError(message: "the answer calls a tool without saying which"))
    }

    /// Text that ended to call a tool, without a call: under a name of its own, so that nobody looks for it.
    static var textWithoutCall: FinishReason { .other("missing_tool_call") }

    /// An end to call a tool with neither call nor text.
    static var callIsMissing: DecodingFailure {
        .vendor(VendorError(message: "the answer ended to call a tool, but holds no call"))
    }
}

extension JSONReader {
    /// A reason for the end of an answer: a word, or an object that names it as its type; `nil` for anything else, and for
    /// words that mean none.
    mutating func finishReason() throws(Failure) -> String? {
        // So it is in nearly every event.
        if try takeNull() { return nil }
        guard try kind() == .object else {
            guard let word = try word() else { return nil }
            if case .nothing? = FinishMeaning.of(word) { return nil }
            return word
        }
        var reason: String?
        try beginObject()
        while let key = try nextKey() {
            if "type" ~= key { reason = try finishReason() } else { try skipValue() }
        }
        return reason
    }
}
