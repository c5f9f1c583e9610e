/// What a vendor said went wrong: the common form of all their error objects.
struct VendorError: Hashable {
    var message: String?
    /// What the vendor calls the kind of error. Several names may apply; the most telling comes first.
    var codes: [String] = []
    /// A status inside the body, where the HTTP status is a mere 200.
    var status: Int?
    /// The vendor's id of the request, where the body holds it.
    var vendorRequestID: String?
    /// Whether a moderation listed its reasons.
    var isModeration = false

    /// Reads an error body. All forms in use are tried, since proxies answer in their own:
    /// `{"error":{…}}`, `{"error":"…"}`, `{"message":"…"}`, `{"detail":…}`, a bare object, and any of them in an array.
    /// - Returns: `nil` if the bytes are JSON without anything like an error in it.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONReader.Failure) -> VendorError? {
        var json = JSONReader(bytes)
        var error = VendorError()
        if try json.kind() == .array {
            try json.beginArray()
            guard try json.nextElement() else { return nil }
        }
        guard try json.kind() == .object else { return nil }
        try error.readMembers(&json)
        return error.message == nil && error.codes.isEmpty && error.status == nil ? nil : error
    }

    private mutating func readMembers(_ json: inout JSONReader) throws(JSONReader.Failure) {
        try json.beginObject()
        // An inner name tells more than an outer one ("error" inside, "invalid_request_error" outside).
        var inner: [String] = []
        var outer: [String] = []
        while let key = try json.nextKey() {
            switch key {
            case "error", "errors", "innererror", "details", "x_groq":
                switch try json.kind() {
                case .object:
                    let known = codes
                    codes = []
                    try readMembers(&json)
                    inner += codes
                    codes = known
                case .string: message = try json.string()
                default: try json.skipValue()
                }
            case "message": if let text = try json.stringIfAny() { message = text }
            case "detail": try readDetail(&json)
            case "code", "error_code":
                if try json.kind() == .number {
                    try readNumericCode(&json)
                } else {
                    outer.insert(contentsOf: [try json.stringIfAny()].compactMap { $0 }, at: 0)
                }
            case "type", "error_type", "status":
                if let name = try json.stringIfAny(), name != "error" { outer.append(name) }
            case "raw_status_code", "status_code": try readNumericCode(&json)
            case "request_id": vendorRequestID = try json.stringIfAny() ?? vendorRequestID
            case "metadata": try readMetadata(&json)
            default: try json.skipValue()
            }
        }
        codes += inner + outer
    }

    private mutating func readNumericCode(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .number else { return try json.skipValue() }
        let code = try json.double()
        if code >= 400, code < 600 { status = Int(code) }
    }

    /// Validation errors of FastAPI servers: `{"detail":"…"}` or `{"detail":[{"loc":["body","model"],"msg":"…"}]}`.
    private mutating func readDetail(_ json: inout JSONReader) throws(JSONReader.Failure) {
        switch try json.kind() {
        case .string: message = try json.string()
        case .array:
            try json.beginArray()
            while try json.nextElement() {
                guard try json.kind() == .object, message == nil else {
                    try json.skipValue()
                    continue
                }
                try json.beginObject()
                while let key = try json.nextKey() {
                    switch key {
                    case "msg": message = try json.stringIfAny()
                    case "type": codes.append(contentsOf: [try json.stringIfAny()].compactMap { $0 })
                    default: try json.skipValue()
                    }
                }
            }
        default: try json.skipValue()
        }
    }

    private mutating func readMetadata(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "reasons":
                isModeration = true
                try json.skipValue()
            default: try json.skipValue()
            }
        }
    }
}

extension JSONReader {
    /// A string, or `nil` for anything else: for fields that are welcome but not needed.
    mutating func stringIfAny() throws(Failure) -> String? {
        if try kind() == .string { return try string() }
        try skipValue()
        return nil
    }
}
