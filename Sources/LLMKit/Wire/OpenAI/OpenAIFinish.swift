/// Why a Chat Completions answer ended, in the vendor's words and, through a gateway, in its upstream's.
struct OpenAIFinish: Sendable {
    private var reason: String?
    private var native: String?
    /// Whether the answer came whole, so that a reason that nobody gave is no sign of a cut.
    private var isWhole = false

    /// Whether there is a reason.
    var isKnown: Bool { reason != nil }

    mutating func read(_ json: inout JSONReader) throws(JSONReader.Failure) {
        reason = try json.finishReason() ?? reason
    }

    mutating func readNative(_ json: inout JSONReader) throws(JSONReader.Failure) {
        native = try json.word() ?? native
    }

    mutating func end(isWhole: Bool) { self.isWhole = isWhole }

    /// The reason in the common vocabulary.
    /// - Parameter hasContent: whether the answer holds anything but calls.
    /// - Throws: what the vendor says is a failure.
    func reason(hasCalls: Bool, hasContent: Bool) throws(DecodingFailure) -> FinishReason {
        guard let reason else {
            guard isWhole else { return .other("unknown") }
            return hasCalls ? .toolCalls : .stop
        }
        switch FinishMeaning.of(reason) {
        case .success?:
            // What a gateway calls an end may have been none for the vendor behind it.
            switch native.flatMap(FinishMeaning.of) {
            case .failure?: throw FinishMeaning.failed(native)
            case .reason(let reason)?: return reason
            case .success?, .calls?, .nothing?, nil: break
            }
            // Some servers say "stop" whatever the model wrote.
            return hasCalls ? .toolCalls : .stop
        case .calls?:
            if hasCalls { return .toolCalls }
            guard hasContent else { throw FinishMeaning.callIsMissing }
            return FinishMeaning.textWithoutCall
        case .reason(let reason)?: return reason
        case .failure?: throw FinishMeaning.failed(reason)
        case .nothing?, nil: return .other(reason)
        }
    }
}
