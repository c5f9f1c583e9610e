import PortableFoundation

/// Writes spans as JSON, one per line.
///
/// ```json
/// {"trace_id":"…","span_id":"…","parent_span_id":"…","name":"chat m-large","kind":"client",
///  "start_time_unix_nano":"1795433811000000000","end_time_unix_nano":"1795433812800000000",
///  "attributes":{"gen_ai.operation.name":"chat","gen_ai.usage.input_tokens":4000},"status":"ok"}
/// ```
/// Names and forms follow OTLP's JSON: nanoseconds are strings, because JavaScript and `jq` round numbers that large.
/// The root span has no `parent_span_id`; a failed one has the status `error`, and its code as `error`.
enum SpanLine {
    /// The span as a line, its end included.
    static func render(_ span: TraceSpan) -> [UInt8] {
        let start = Int128(Milliseconds.saturating(span.start.timeIntervalSince1970 * 1e9))
        let (seconds, attoseconds) = span.duration.components
        let end = start + Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
        var json = JSONWriter(capacity: 1024)
        json.object { json in
            json.key("trace_id")
            json.string(span.traceID.description)
            json.key("span_id")
            json.string(span.id.description)
            if let parent = span.parentID {
                json.key("parent_span_id")
                json.string(parent.description)
            }
            json.key("name")
            json.string(span.name)
            json.key("kind")
            json.string(span.kind == .client ? "client" : "internal")
            json.key("start_time_unix_nano")
            json.string(String(start))
            json.key("end_time_unix_nano")
            json.string(String(end))
            json.key("attributes")
            json.object { json in
                for attribute in span.attributes { append(attribute, to: &json) }
            }
            json.key("status")
            json.string(span.errorCode == nil ? "ok" : "error")
            if let code = span.errorCode {
                json.key("error")
                json.string(code.description)
            }
        }
        json.newline()
        return json.bytes
    }

    private static func append(_ attribute: SpanAttribute, to json: inout JSONWriter) {
        json.key(attribute.key.description)
        switch attribute.value {
        case .string(let text): json.string(text)
        case .int(let number): json.int(number)
        case .double(let number): json.double(number)
        case .bool(let flag): json.bool(flag)
        case .strings(let texts): json.array(texts) { json, text in json.string(text) }
        }
    }
}
