public import PortableFoundation

/// One finished step of a request, in the terms of OpenTelemetry.
///
/// Holds no prompt, answer or key.
public struct TraceSpan: Sendable {
    /// Whether the step left the process.
    public enum Kind: Int, Sendable {
        case `internal` = 1
        case client = 3
    }

    /// Shared by all spans of a request.
    public var traceID: RequestID
    public var id: SpanID
    public var parentID: SpanID?
    public var name: String
    public var kind: Kind
    public var start: Date
    public var duration: Duration
    public var attributes: [SpanAttribute]
    /// What went wrong, if something did.
    public var errorCode: LLMError.Code?
    /// Whether who asked records the trace (the flag of ``ChatRequest/trace``); `true` where the request brought none.
    ///
    /// Spans of traces that are not are told, too: a bridge that samples as its callers do leaves them out.
    public var isSampled = true

    package init(
        traceID: RequestID,
        id: SpanID = .random(),
        parentID: SpanID? = nil,
        name: String,
        kind: Kind = .internal,
        start: Date,
        duration: Duration,
        attributes: [SpanAttribute] = [],
        errorCode: LLMError.Code? = nil
    ) {
        self.traceID = traceID
        self.id = id
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.start = start
        self.duration = duration
        self.attributes = attributes
        self.errorCode = errorCode
    }
}

/// A named fact about a span.
public struct SpanAttribute: Hashable, Sendable {
    /// What OpenTelemetry can carry.
    public enum Value: Hashable, Sendable {
        case string(String)
        case int(Int)
        case double(Double)
        case bool(Bool)
        case strings([String])
    }

    public var key: Key
    public var value: Value

    package init(_ key: Key, _ value: Value) {
        self.key = key
        self.value = value
    }
}
