/// Which answers may be remembered beyond complete ones made of text.
///
/// By default, none.
///
/// Every cache and the pipeline follow this one rule. An answer that was cut is never remembered, whatever is asked for.
///
/// ```swift
/// let cache: some Cache = .memory(bytes: 64 << 20, storing: .toolCalls)
/// ```
public struct CacheAdmission: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Answers that ask for tools.
    ///
    /// Replaying one runs the tools again: only for tools without side effects.
    public static let toolCalls = CacheAdmission(rawValue: 1)
    /// Answers in which the model declined.
    ///
    /// Another try, or a newer model, may not.
    public static let refusals = CacheAdmission(rawValue: 2)
    /// Answers that stopped at the limit on output tokens, and so in the middle.
    public static let atLengthLimit = CacheAdmission(rawValue: 4)

    /// Whether an answer may be remembered: for ``Cache/store(_:for:in:)`` of a cache of your own.
    /// - Parameter response: what a model gave; it must be whole, and say something.
    public func admits(_ response: ChatResponse) -> Bool {
        guard response.state == .complete else { return false }
        let callsTools = response.message.parts.contains { part in
            if case .toolCall = part { true } else { false }
        }
        if callsTools { return contains(.toolCalls) && (response.finish == .toolCalls || response.finish == .stop) }
        guard !response.message.text.isEmpty else { return false }
        switch response.finish {
        case .stop: return true
        case .length: return contains(.atLengthLimit)
        case .refusal: return contains(.refusals)
        // A filter's verdict is about the moment; other reasons leave open whether the answer is whole.
        case .toolCalls, .contentFilter, .other: return false
        }
    }
}

extension ChatResponse {
    /// This answer as a cache serves it: paid for by somebody before, and there at once.
    ///
    /// Usage stays, because the saving is reckoned from it.
    func served(by source: CacheHit.Source) -> ChatResponse {
        var response = self
        response.servedBy = source
        response.cost = .zero
        response.timing = Timing()
        return response
    }
}
