/// Reads the log-probabilities of an answer's tokens.
enum OpenAILogProbabilities {
    /// Takes a `logprobs` object: OpenAI's `{"content":[…]}`, or the older `{"tokens":[…],"token_logprobs":[…]}` that
    /// Together still writes.
    static func read(_ json: inout JSONReader) throws(JSONReader.Failure) -> [TokenLogProbability] {
        var content: [TokenLogProbability] = []
        var tokens: [String?] = []
        var values: [Double?] = []
        try json.beginObject()
        while let key = try json.nextKey() {
            guard try json.kind() == .array else {
                try json.skipValue()
                continue
            }
            switch key {
            case "content", "refusal":
                try json.beginArray()
                while try json.nextElement() {
                    if let token = try readToken(&json) { content.append(token) }
                }
            case "tokens":
                try json.beginArray()
                while try json.nextElement() { tokens.append(try json.stringIfAny()) }
            case "token_logprobs":
                try json.beginArray()
                while try json.nextElement() { values.append(try json.numberIfAny()) }
            default: try json.skipValue()
            }
        }
        guard content.isEmpty else { return content }
        return zip(tokens, values).compactMap { token, value in
            guard let token, let value else { return nil }
            return TokenLogProbability(token, value)
        }
    }

    /// A token without its probability is no use to anyone.
    private static func readToken(_ json: inout JSONReader) throws(JSONReader.Failure) -> TokenLogProbability? {
        var token: String?
        var value: Double?
        var top: [TokenLogProbability.Alternative] = []
        guard try json.enterObject() else { return nil }
        while let key = try json.nextKey() {
            switch key {
            case "token": token = try json.stringIfAny()
            case "logprob": value = try json.numberIfAny()
            case "top_logprobs":
                guard try json.kind() == .array else {
                    try json.skipValue()
                    continue
                }
                try json.beginArray()
                while try json.nextElement() {
                    guard let other = try readToken(&json) else { continue }
                    top.append(TokenLogProbability.Alternative(other.token, other.logProbability))
                }
            default: try json.skipValue()
            }
        }
        guard let token, let value else { return nil }
        return TokenLogProbability(token, value, top: top)
    }
}

extension JSONReader {
    /// A number that is finite, or `nil` for anything else: minus infinity stands for what cannot be, and nothing can be done
    /// with it.
    fileprivate mutating func numberIfAny() throws(Failure) -> Double? {
        if try kind() == .number { return try finiteDouble() }
        try skipValue()
        return nil
    }
}
