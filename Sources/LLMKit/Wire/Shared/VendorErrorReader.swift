/// Walks over an error body, whoever wrote it, and picks what people and policies need.
struct VendorErrorReader {
    private var error = VendorError()
    /// What stands in for a message where there is none.
    private var title: String?
    /// What the vendor behind a gateway said.
    private var upstream: String?

    /// What was found; `nil` if that is nothing.
    var result: VendorError? {
        var error = error
        error.message = [error.message ?? title, upstream].compactMap { $0 }.joined(separator: ": ")
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
    private mutating func note(_ message: String) { error.message = error.message ?? message }

    private mutating func readMembers(_ json: inout JSONReader) throws(JSONReader.Failure) {
        try json.beginObject()
        // An inner name tells more than an outer one ("error" inside, "invalid_request_error" outside).
        var inner: [String] = []
        var outer: [String] = []
        while let key = try json.nextKey() {
            switch key {
            case "error", "errors", "innererror", "inner_error", "details", "x_groq", "fault", "exception", "base_resp":
                let known = error.codes
                error.codes = []
                try read(&json)
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
            case "code", "error_code", "errorCode":
                let code = try readCode(&json)
                if outer.count < 32 { outer.insert(contentsOf: code, at: 0) }
            case "type", "error_type", "status":
                if try json.kind() == .number {
                    _ = try readCode(&json)
                } else if let name = try json.word(), name != "error", outer.count < 32 {
                    outer.append(name)
                }
            case "raw_status_code", "status_code", "http_status", "statusCode": _ = try readCode(&json)
            case "request_id", "requestId": error.vendorRequestID = try json.word() ?? error.vendorRequestID
            case "metadata": try readMetadata(&json)
            case "choices": try readChoices(&json)
            default: try json.skipValue()
            }
        }
        error.codes = Array((error.codes + inner + outer).prefix(32))
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
            var reader = VendorErrorReader()
            try reader.read(&json)
            take(upstream: reader.result)
            return
        }
        guard var text = try json.word() else { return }
        take(upstream: text.withUTF8 { VendorError(anyOf: $0) })
    }

    private mutating func take(upstream: VendorError?) {
        guard let upstream else { return }
        self.upstream = upstream.message
        error.codes = upstream.codes + error.codes
    }
}
