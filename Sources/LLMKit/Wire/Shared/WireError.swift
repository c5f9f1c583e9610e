/// Why a request is refused, in terms that each format spells in its own way.
package struct WireError: Error, Hashable, Sendable {
    package var code: LLMError.Code
    package var message: String
    /// The member of the request that is wrong, such as `messages[2].role`.
    package var parameter: String?
    /// The vendor's own name of the error, where the format has one that is more telling than its class.
    package var name: String?
    /// How long the sender should wait before it tries again.
    package var retryAfter: Duration?

    package init(
        _ code: LLMError.Code,
        _ message: String,
        parameter: String? = nil,
        name: String? = nil
    ) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.name = name
    }

    /// A mistake in one member of the request.
    package static func malformed(_ parameter: String, _ message: String, name: String? = nil) -> WireError {
        WireError(.invalidRequest, message, parameter: parameter, name: name)
    }

    /// What a pipeline threw, for those who asked it over HTTP.
    package init(_ error: LLMError) {
        self.init(error.code, error.message)
        retryAfter = error.retryAfter
    }
}

/// An error as it is sent: status, headers beyond those of every answer, and body.
package struct EncodedError: Sendable {
    package var status: Int
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    init(status: Int, body: [UInt8], retryAfter: Duration?) {
        self.status = status
        self.body = body
        guard let retryAfter else {
            headers = []
            return
        }
        // Whole seconds, rounded up: the one form that every client reads (RFC 9110, 10.2.3).
        let seconds: Double = min(max(retryAfter.seconds, 0), 1e9)
        headers = [HTTPHeader("retry-after", String(Int(seconds.rounded(.up))))]
    }
}

/// How a format spells one class of errors.
struct ErrorSpelling {
    var status: Int
    /// The kind of error, `error.type` in both formats.
    var type: String
    /// OpenAI's `error.code`.
    var name: String?

    init(_ status: Int, _ type: String, _ name: String? = nil) {
        self.status = status
        self.type = type
        self.name = name
    }
}
