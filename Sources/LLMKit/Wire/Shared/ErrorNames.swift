/// What the names mean that one vendor gives to errors: part of its format, since the same word may mean something else
/// elsewhere.
struct ErrorNames: Hashable, Sendable {
    /// By name, in lower case.
    private var classes: [String: LLMError.Code]
    /// By how the name begins, for vendors that put a reason behind it.
    private var prefixes: [String: LLMError.Code]

    init(_ classes: [String: LLMError.Code], prefixes: [String: LLMError.Code] = [:]) {
        self.classes = classes
        self.prefixes = prefixes
    }

    /// These names, and others that the vendor has besides; the others win.
    func adding(_ more: ErrorNames) -> ErrorNames {
        ErrorNames(
            classes.merging(more.classes) { _, new in new },
            prefixes: prefixes.merging(more.prefixes) { _, new in new }
        )
    }

    /// The class of an error, from the vendor's names for it and the HTTP status.
    ///
    /// Names come first, because statuses are shared: 429 is both a limit that passes and a quota that does not.
    func code(of error: VendorError, status: Int?) -> LLMError.Code {
        let status = Self.status(of: error, status)
        let isAboutLength = error.isAboutContextLength
        let mayBeLength = [200, 400, 413, 422, 500, 0].contains(status)
        // Too large for the whole allowance of a minute: waiting does not help, whatever the name says.
        if status == 413, !isAboutLength { return .requestTooLarge }
        if error.isModeration { return .contentFiltered }
        if [200, 400, 401, 402, 403, 412, 429, 0].contains(status), error.isAboutBalance { return .quotaExhausted }
        for name in error.codes {
            let name = name.lowercased()
            // A name for many mistakes, or for none: the message knows which.
            if mayBeLength, isAboutLength, classes[name] == nil || classes[name] == .server { break }
            // A refusal is no fault of the server, whatever it calls it.
            if classes[name] == .server, (400..<500).contains(status) { continue }
            if let code = classes[name] { return code }
            if let code = prefixes.first(where: { name.hasPrefix($0.key) })?.value { return code }
        }
        if mayBeLength, isAboutLength { return .contextLength }
        return (status < 300 ? error.refusal : nil) ?? Self.code(ofStatus: status)
    }

    /// The status that counts: a body's own says more than a success, or than a gateway's failure, but it cannot make a
    /// refusal something else.
    private static func status(of error: VendorError, _ status: Int?) -> Int {
        guard let inner = error.status else { return status ?? 0 }
        guard let status, (401..<500).contains(status), status != 422 else { return inner }
        return status
    }

    /// The class of an error of which only the status is known.
    static func code(ofStatus status: Int) -> LLMError.Code {
        switch status {
        case 300..<400: .invalidConfiguration
        case 401: .authentication
        case 402: .quotaExhausted
        case 403: .permission
        case 404, 410: .notFound
        case 408, 504: .timeout
        case 409, 424, 425: .server
        case 413: .requestTooLarge
        case 429: .rateLimited
        case 498, 503, 529: .overloaded
        case 501, 505: .unsupported
        case 400..<500: .invalidRequest
        default: .server
        }
    }
}
