extension VendorError {
    /// Whether the vendor says that the request is too long for the model.
    ///
    /// Most have no name for this one, and a router needs to know it: a longer context may be had elsewhere.
    var isAboutContextLength: Bool {
        guard let message = message?.lowercased() else { return codes.contains(where: Self.isName) }
        // Limits of a rate, which pass, are none of the context.
        if Self.rates.contains(where: message.contains) { return false }
        if codes.contains(where: Self.isName) || Self.wordings.contains(where: message.contains) { return true }
        // Nor are limits of the output alone.
        if Self.outputs.contains(where: message.contains) { return false }
        return Self.pairs.contains { message.contains($0.0) && message.contains($0.1) }
    }

    private static func isName(_ code: String) -> Bool { names.contains(code.lowercased()) }

    /// What some vendors and gateways call it.
    private static let names: Set<String> = [
        "context_length_exceeded", "context_window_exceeded", "contextwindowexceedederror", "exceed_context_size_error",
        "input_too_long", "model_max_prompt_tokens_exceeded", "prompt_too_long", "tokens_limit_reached",
        "too_many_prompt_tokens",
    ]

    private static let wordings = [
        "maximum context length", "max context length", "context window", "context length", "context size",
        "context limit", "context overflow", "exceeds the context", "exceed context", "exceeded model token limit",
        "prompt is too long", "prompt too long", "prompt exceeds max length", "maximum prompt length",
        "input is too long", "input too long", "input length exceeds", "range of input length",
        "input token count", "too many input tokens", "too many tokens", "too many total text bytes",
        "reduce the length of the messages", "reduce the length of your", "reduce your prompt",
        "maximum model length", "larger than the maximum number of tokens", "max_input_tokens",
        "max_seq_len", "max input characters", "total length of all messages is too long",
        "上下文长度", "超过最大长度", "超出最大长度",
    ]

    /// Words that tell it only together.
    private static let pairs = [
        ("`inputs` tokens", "`max_new_tokens`"), ("maximum number of tokens", "exceed"), ("token limit", "exceed"),
        ("max size", "tokens"), ("prompt", "tokens allowed"), ("input tokens", "exceed"), ("prompt tokens", "exceed"),
        ("tokens", "n_ctx"), ("prompt contains", "tokens"),
        ("prompt token", "exceeds the limit"), ("total tokens", "exceed"), ("`inputs`", "tokens"),
        ("inputs tokens", "max_new_tokens"), ("token length", "too long"), ("longer than the", "context"),
        ("input length", "exceed"), ("input length", "greater than"), ("input length", "longer than"),
        ("input length", "less than"), ("prompt length", "exceed"), ("prompt length", "greater than"),
        ("prompt length", "longer than"), ("sequence length", "exceed"), ("sequence length", "maximum"),
        ("prompt", "超长"), ("输入", "超长"),
    ]

    private static let rates = [
        "per minute", "per day", "per hour", "tpm", "rate limit", "quota", "please wait",
        "daily", "weekly", "monthly",
    ]
    private static let outputs = ["completion tokens", "output tokens"]
}
