/// Walks over an error body, whoever wrote it, and picks what people and policies need.
struct VendorErrorReader {
    private var error = VendorError()
    /// What stands in for a message where there is none.
    private var title: String?
    /// What the vendor behind a gateway said.
    private var upstream: String?
    /// What is wrong with a member of the request, where errors are told by member.
    private var fields: String?
    /// How deep the errors are that stand as text in others.
    private let depth: Int

    init(depth: Int = 0) { self.depth = depth }

    /// What was found; `nil` if that is nothing.
    var result: VendorError? {
        var error = error
        error.message = [error.message ?? title, fields, upstream].compactMap { $0 }.joined(separator: ": ")
        if error.message == "" { error.message = nil }
        // What classes and people look at is short: an upstream may send megabytes.
        error.message = error.message.map { $0.utf8.count > 8_192 ? String($0.prefix(4_096)) : $0 }
        error.codes = Array(error.codes.lazy.filter { $0.utf8.count <= 256 }.prefix(16))
        return error.message == nil && error.codes.isEmpty && error.status == nil ? nil : error
    }

    /// Takes a value that is, or holds, an error.
    mutating func read(_ json: inout JSONReader) throws(JSONReader.Failure) {
        switch try json.kind() {
        case .object: try readMembers(&json)
        case .array:
            try json.beginArray()
            while try json.nextElement() { try read(&json) }
        case .string: if let text = try json.word() { note(text) }
        default: try json.skipValue()
        }
    }

    /// The first message counts: where there are several, they are of the same failure.
    private mutating func note(_ message: String) {
        guard error.message == nil else { return }
        let inner = parsed(message)
        error.message = inner?.message ?? message
        error.codes += inner?.codes ?? []
        error.status = error.status ?? inner?.status
    }

    /// The error that a text is, if it is JSON itself.
    private func parsed(_ text: String) -> VendorError? {
        guard depth < 3, let first = text.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return nil }
        var text = text
        return text.withUTF8 { bytes in
            var json = JSONReader(bytes, repairsText: true)
            var reader = VendorErrorReader(depth: depth + 1)
            do throws(JSONReader.Failure) { try reader.read(&json) } catch { return nil }
            return reader.result
        }
    }

    private mutating func readMembers(_ json: inout JSONReader) throws(JSONReader.Failure) {
        try json.beginObject()
        // An inner name tells more than an outer one ("error" inside, "invalid_request_error" outside).
        var inner: [String] = []
        var outer: [String] = []
        while let key = try json.nextKey() {
            switch key {
            case "error", "errors", "innererror", "inner_error", "details", "x_groq", "fault", "exception", "base_resp",
                "Error", "ResponseMetadata":
                let known = error.codes
                error.codes = []
                let start = json
                if "base_resp" ~= key { try readBaseResponse(&json) } else { try read(&json) }
                if "errors" ~= key, error.message == nil { try readFields(start) }
                inner += error.codes
                error.codes = known
            case "message", "msg", "error_message", "errorMessage", "error_msg", "error_description", "faultstring",
                "status_msg", "Message":
                if try json.kind() == .string, let text = try json.word() {
                    // What stands beside an error tells more than what was inside of it only where that said nothing.
                    note(text)
                } else if try json.kind() != .string {
                    try read(&json)
                }
            case "detail": try readDetail(&json)
            case "title", "reason", "description": title = try json.word() ?? title
            case "code", "error_code", "errorCode", "Code":
                let code = try readCode(&json)
                if outer.count < 32 { outer.insert(contentsOf: code, at: 0) }
            case "__type":
                // With the name of a service before it (AWS).
                if let name = try json.word()?.split(separator: "#").last, outer.count < 32 {
                    outer.append(String(name))
                }
            case "type", "error_type", "status":
                if try json.kind() == .number {
                    _ = try readCode(&json)
                } else if let name = try json.word(), name != "error", outer.count < 32 {
                    outer.append(name)
                }
            case "raw_status_code", "status_code", "http_status", "http_status_code", "http_code", "statusCode":
                _ = try readCode(&json)
            case "body": try readUpstream(&json)
            case "request_id", "requestId": error.vendorRequestID = try json.word() ?? error.vendorRequestID
            case "metadata": try readMetadata(&json)
            case "choices": try readChoices(&json)
            default: try json.skipValue()
            }
        }
        error.codes = Array((error.codes + inner + outer).prefix(32))
    }

    /// MiniMax's object: a number of its own says what kind of error it is.
    private mutating func readBaseResponse(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "status_code":
                guard let number = try json.tokenCount(), number > 0 else { continue }
                if (400..<600).contains(number) {
                    error.status = number
                } else {
                    error.codes.append("base_resp_\(number)")
                }
            case "status_msg": if let text = try json.word() { note(text) }
            default: try json.skipValue()
            }
        }
    }

    /// Validation errors by field: `{"model":["The model is invalid."]}`.
    private mutating func readFields(_ start: JSONReader) throws(JSONReader.Failure) {
        var json = start
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            let name = key.string
            guard try json.enterArray() else { continue }
            while try json.nextElement() {
                guard let text = try json.word(), fields == nil else { continue }
                fields = "\(name): \(text)"
            }
        }
    }

    /// Errors that stand in the choices of an answer, where a gateway puts its upstream's.
    private mutating func readChoices(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterArray() else { return }
        while try json.nextElement() {
            guard try json.enterObject() else { continue }
            while let key = try json.nextKey() {
                if "error" ~= key { try read(&json) } else { try json.skipValue() }
            }
        }
    }

    /// Takes a code: a status, as a number or in digits, or a name.
    private mutating func readCode(_ json: inout JSONReader) throws(JSONReader.Failure) -> [String] {
        let isName = try json.kind() == .string
        let number = isName ? nil : try json.tokenCount()
        let word = isName ? try json.word() : nil
        if let status = number ?? word.flatMap(Int.init), (400..<600).contains(status) {
            error.status = status
            return []
        }
        return word.map { [$0] } ?? []
    }

    /// Validation errors of FastAPI servers: `{"detail":"…"}` or `{"detail":[{"loc":["body","model"],"msg":"…"}]}`.
    private mutating func readDetail(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .array else { return try read(&json) }
        try json.beginArray()
        while try json.nextElement() {
            guard try json.kind() == .object else {
                try read(&json)
                continue
            }
            try json.beginObject()
            var place: [String] = []
            var message: String?
            while let key = try json.nextKey() {
                switch key {
                case "msg", "message": message = try json.word()
                case "type": if let name = try json.word(), error.codes.count < 32 { error.codes.append(name) }
                case "loc":
                    guard try json.enterArray() else { continue }
                    while try json.nextElement() { if let step = try json.word() { place.append(step) } }
                default: try json.skipValue()
                }
            }
            guard let message else { continue }
            let isKnown = place.isEmpty || message.contains(place.last ?? "")
            note(isKnown ? message : "\(place.joined(separator: ".")): \(message)")
        }
    }

    /// What a gateway adds: the reasons of a moderation, or the upstream's own words.
    private mutating func readMetadata(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "reasons":
                error.isModeration = true
                try json.skipValue()
            case "raw": try readUpstream(&json)
            default: try json.skipValue()
            }
        }
    }

    private mutating func readUpstream(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .string else {
            var reader = VendorErrorReader(depth: depth)
            try reader.read(&json)
            take(upstream: reader.result)
            return
        }
        guard let text = try json.word() else { return }
        take(upstream: parsed(text) ?? VendorError(message: text))
    }

    private mutating func take(upstream: VendorError?) {
        guard let upstream else { return }
        self.upstream = upstream.message
        error.codes = upstream.codes + error.codes
    }
}
