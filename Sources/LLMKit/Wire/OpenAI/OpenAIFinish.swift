/// Why a Chat Completions answer ended, in the vendor's words and, through a gateway, in its upstream's.
struct OpenAIFinish: Sendable {
    private var reason: String?
    private var native: String?
    /// Whether the answer came whole, so that a reason that nobody gave is no sign of a cut.
    private var isWhole = false

    /// Whether there is a reason.
    var isKnown: Bool { reason != nil }

    mutating func read(_ json: inout JSONReader) throws(JSONReader.Failure) { reason = try json.word() ?? reason }

    mutating func readNative(_ json: inout JSONReader) throws(JSONReader.Failure) {
        native = try json.word() ?? native
    }

    mutating func end(isWhole: Bool) { self.isWhole = isWhole }

    /// The reason in the common vocabulary.
    /// - Throws: what the vendor says is a failure.
    func reason(hasCalls: Bool) throws(DecodingFailure) -> FinishReason {
        guard let reason else {
            guard isWhole else { return .other("unknown") }
            return hasCalls ? .toolCalls : .stop
        }
        switch Self.meanings[reason.lowercased()] {
        case .success?:
            // What a gateway calls an end may have been none for the vendor behind it.
            switch Self.meanings[native?.lowercased() ?? ""] {
            case .failure?: throw Self.failure(native)
            case .reason(let reason)?: return reason
            case .success?, nil: break
            }
            // Some servers say "stop" whatever the model wrote.
            return hasCalls ? .toolCalls : .stop
        case .reason(let reason)?: return reason
        case .failure?: throw Self.failure(reason)
        case nil: return .other(reason)
        }
    }

    private static func failure(_ name: String?) -> DecodingFailure {
        .vendor(VendorError(message: "the model stopped on an error", codes: [name].compactMap { $0 }))
    }

    private enum Meaning {
        /// The model came to its end, with text or calls.
        case success
        case reason(FinishReason)
        case failure
    }

    /// In lower case, as vendors and servers have them.
    private static let meanings: [String: Meaning] = {
        let groups: [(Meaning, [String])] = [
            (.success, ["stop", "eos", "eos_token", "stop_sequence", "end_turn", "complete", "completed"]),
            (
                .reason(.length),
                ["length", "model_length", "max_tokens", "max_output_tokens", "model_context_window_exceeded"]
            ),
            (.reason(.toolCalls), ["tool_calls", "function_call", "tool_use", "tool_call"]),
            (
                .reason(.contentFilter),
                [
                    "content_filter", "content_filtered", "safety", "recitation", "prohibited_content", "blocklist",
                    "spii", "image_safety", "sensitive", "guardrail_intervened",
                ]
            ),
            (.reason(.refusal), ["refusal"]),
            (
                .failure,
                [
                    "error", "insufficient_system_resource", "malformed_function_call", "unexpected_tool_call",
                    "network_error", "abort", "failed",
                ]
            ),
        ]
        return Dictionary(groups.flatMap { group in group.1.map { ($0, group.0) } }) { first, _ in first }
    }()
}
