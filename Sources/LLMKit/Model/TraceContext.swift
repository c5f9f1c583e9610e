/// The trace that a request belongs to, as it came in with the caller's own request.
///
/// ```swift
/// request.trace = TraceContext(traceparent: headers["traceparent"] ?? "")
/// ```
///
/// Spans of the request then hang below the span of the app, instead of beginning a trace of their own.
public struct TraceContext: Hashable, Sendable {
    public var traceID: RequestID
    /// The span of the app that the request's own hangs below.
    public var spanID: SpanID
    /// Whether the caller records this trace.
    public var isSampled: Bool

    package init(traceID: RequestID, spanID: SpanID, isSampled: Bool = true) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Reads the value of a `traceparent` header (W3C Trace Context, level 1): `00-<32 hex>-<16 hex>-<2 hex>`.
    ///
    /// Later versions may add fields behind these; they are read as far as this one goes, as the recommendation asks.
    /// - Returns: `nil` for what is no such header, and for the ids of zeros that it forbids.
    public init?(traceparent: String) {
        let fields = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count >= 4, let version = Self.number(fields[0], digits: 2), version != 0xFF,
            version > 0 || fields.count == 4,
            fields[1].utf8.count == 32,
            let high = Self.number(fields[1].prefix(16), digits: 16),
            let low = Self.number(fields[1].suffix(16), digits: 16), high | low != 0,
            let span = Self.number(fields[2], digits: 16), span != 0,
            let flags = Self.number(fields[3], digits: 2)
        else { return nil }
        self.init(
            traceID: RequestID(high: high, low: low),
            spanID: SpanID(bits: span),
            isSampled: flags & 1 == 1
        )
    }

    /// The header's value, for what is called on the request's behalf.
    public var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// Lower-case hex digits only: upper case is not allowed there.
    private static func number(_ text: Substring, digits: Int) -> UInt64? {
        guard text.utf8.count == digits,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return UInt64(text, radix: 16)
    }
}
