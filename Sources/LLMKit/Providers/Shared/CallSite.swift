/// Which call an error is about: turns whatever came back into one ``LLMError``.
struct CallSite: Sendable {
    /// What errors call the vendor, such as `openai`.
    let vendor: String
    let host: String
    let model: String
    /// The environment variable of the key, for the hint when it is refused.
    let keyVariable: String?
    /// Whether the call carried a key at all.
    var sendsKey = true
    let errorNames: ErrorNames
    let redact: Redaction

    /// How much of an error body is looked at; the rest is padding or a web page.
    static let errorBodyLimit = 64 << 10

    /// An answer whose status says that it is an error.
    func error(_ head: HTTPResponseHead, body: [UInt8]) -> LLMError {
        let body = body.count > Self.errorBodyLimit ? Array(body[..<Self.errorBodyLimit]) : body
        let parsed = body.withUnsafeBufferPointer { bytes in Self.errorObject(in: bytes.withoutByteOrderMark) }
        guard let parsed else { return foreign(head, body: body) }
        return error(parsed, head)
    }

    /// What a body says, as JSON or as the first event of a stream.
    private static func errorObject(in bytes: UnsafeBufferPointer<UInt8>) -> VendorError? {
        let text = bytes.trimmed
        guard text.first != UInt8(ascii: "{"), ServerSentEventParser.matches(text) ?? false else {
            return try? VendorError.read(text)
        }
        var framing = ServerSentEventParser()
        var found: VendorError?
        func take(_ frame: StreamFrame) {
            let data = frame.data.trimmed
            if found == nil, !data.isEmpty, !data.starts(with: "[DONE]".utf8) { found = VendorError(anyOf: data) }
        }
        do {
            try framing.cut(text, take)
            try framing.end(take)
        } catch {
            // An event beyond the limit: what was found before it counts.
        }
        return found
    }

    /// An error object, in an answer of any status.
    func error(_ error: VendorError, _ head: HTTPResponseHead) -> LLMError {
        let code = errorNames.code(of: error, status: head.status < 300 ? nil : head.status)
        let name = redact.identifier(error.codes.first)
        var said = error.message.map { ": " + redact($0) } ?? ""
        let hint = hint(code)
        // The sentence goes on.
        if !hint.isEmpty, said.last == "." { said.removeLast() }
        return finish(
            LLMError(code, "\(vendor) answered \(describe(head, name))\(said)\(hint)"),
            head,
            vendorCode: name,
            vendorRequestID: error.vendorRequestID
        )
    }

    /// An answer that is not the vendor's JSON: a web page of a proxy in between, plain text, or nothing.
    func foreign(_ head: HTTPResponseHead, body: [UInt8]) -> LLMError {
        let code: LLMError.Code = head.status < 300 ? .malformedResponse : ErrorNames.code(ofStatus: head.status)
        let what = describe(body, head)
        let advice = "check the base URL, and any proxy on the way"
        return finish(
            LLMError(code, "\(host) answered HTTP \(head.status) with \(what) instead of the API's JSON; \(advice)"),
            head
        )
    }

    /// An answer that is JSON, but not of the shape the vendor documents, or not whole.
    func malformed(_ failure: JSONReader.Failure, _ head: HTTPResponseHead, inStream: Bool) -> LLMError {
        let place = inStream ? "an event of its stream" : "its answer"
        return finish(
            LLMError(
                .malformedResponse,
                "\(vendor) sent something else than documented in \(place): \(failure); "
                    + "check that what answers at \(host) speaks this API"
            ),
            head
        )
    }

    /// What went wrong with a whole answer.
    func error(_ failure: DecodingFailure, _ head: HTTPResponseHead, body: [UInt8]) -> LLMError {
        switch failure {
        case .vendor(let error): return self.error(error, head)
        case .cut(let how): return cut(how, head)
        case .shape(let failure):
            let first = body.withUnsafeBufferPointer { $0.withoutByteOrderMark.trimmed.first }
            let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
            return isJSON ? malformed(failure, head, inStream: false) : foreign(head, body: body)
        }
    }

    /// An answer that broke off.
    func cut(_ how: String, _ head: HTTPResponseHead) -> LLMError {
        finish(
            LLMError(
                .truncated,
                "\(vendor): \(how); try again, and if it happens often check proxies on the way to \(host)"
            ),
            head
        )
    }

    private func finish(
        _ error: LLMError,
        _ head: HTTPResponseHead,
        vendorCode: String? = nil,
        vendorRequestID: String? = nil
    ) -> LLMError {
        var error = error
        let hints = RetryHints(head)
        error.retryAfter = hints.after
        error.shouldRetry = hints.shouldRetry
        error.status = head.status
        error.vendorCode = vendorCode
        error.vendorRequestID = redact.identifier(head.vendorRequestID ?? vendorRequestID)
        return error
    }

    private func describe(_ head: HTTPResponseHead, _ name: String?) -> String {
        switch (head.status < 300, name) {
        case (true, let name?): "with an error (\(name)) in spite of HTTP \(head.status)"
        case (true, nil): "with an error in spite of HTTP \(head.status)"
        case (false, let name?): "HTTP \(head.status) (\(name))"
        case (false, nil): "HTTP \(head.status)"
        }
    }

    private func hint(_ code: LLMError.Code) -> String {
        switch code {
        case .authentication where !sendsKey: "; no key was sent: give the provider one, with key:"
        case .authentication: keyVariable.map { "; check the key in \($0)" } ?? "; check the key"
        case .notFound: "; check the model id \"\(redact(model, limit: 80))\" and the base URL"
        case .rateLimited, .overloaded, .server: "; try again later"
        case .quotaExhausted: "; check the account's balance and limits"
        default: ""
        }
    }

    /// The first words of what came instead of JSON, enough to recognise it by.
    private func describe(_ body: [UInt8], _ head: HTTPResponseHead) -> String {
        // What comes packed in a way that nobody asked for.
        if let encoding = redact.identifier(head.header("content-encoding")),
            String(validating: body.prefix(16), as: UTF8.self) == nil
        {
            return "bytes that it calls \(encoding), which was not asked for,"
        }
        // Before case is folded, which would hide a key from being found.
        // And before it is cut, which would hide a part of one.
        let whole = redact.hidingSecrets(in: String(decoding: body.prefix(Self.errorBodyLimit), as: UTF8.self))
        let text = String(whole.prefix(4_096))
        let start = text.drop { $0.isWhitespace }
        if start.isEmpty { return "an empty body" }
        guard start.first == "<" || head.header("content-type")?.lowercased().contains("html") ?? false else {
            return "text (\"\(redact(String(start)))\")"
        }
        if let title = text.markup("title") { return "a web page (\"\(redact(title, limit: 60))\")" }
        if let message = text.markup("message") { return "a message (\"\(redact(message))\")" }
        return "a web page"
    }
}

extension String {
    /// What stands in the first element of that name, in HTML or XML.
    fileprivate func markup(_ name: String) -> String? {
        let bytes = Array(utf8)
        func find(_ text: String, from start: Int) -> Int? {
            let wanted = Array(text.utf8)
            guard start + wanted.count <= bytes.count else { return nil }
            return (start...(bytes.count - wanted.count)).first { place in
                wanted.indices.allSatisfy { bytes[place + $0] | 0x20 == wanted[$0] | 0x20 }
            }
        }
        guard let open = find("<\(name)", from: 0), let from = find(">", from: open),
            let to = find("</\(name)", from: from)
        else { return nil }
        return String(decoding: bytes[(from + 1)..<to], as: UTF8.self)
    }
}

extension HTTPResponseHead {
    /// The id that the vendor's support asks for.
    var vendorRequestID: String? {
        // An empty header is no id.
        func id(_ name: StaticString) -> String? { header(name).flatMap { $0.isEmpty ? nil : $0 } }
        return id("x-request-id") ?? id("request-id") ?? id("apim-request-id") ?? id("x-groq-id")
    }
}
