import LLMKit
import Logging

extension Diagnostics {
    /// Writes notices to a logger, with what their errors know as metadata.
    ///
    /// ```swift
    /// let pipeline = try Pipeline(router: …, diagnostics: .logging(to: logger)) { … }
    /// ```
    ///
    /// What ``Pipeline/onProblem`` is told is among them, in words.
    /// - Parameter logger: must return soon, as log handlers do: notices come from request paths, too.
    public static func logging(to logger: Logger) -> Diagnostics {
        Diagnostics { notice in
            logger.log(
                level: Logger.Level(notice.severity),
                "\(notice.message)",
                metadata: metadata(of: notice),
                source: "LLMKit"
            )
        }
    }

    private static func metadata(of notice: Notice) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["llmkit.subject": "\(notice.subject)"]
        switch notice.cause {
        case nil: break
        case let error as LLMError:
            metadata["error.type"] = "\(error.code)"
            // Holds no prompt and no key.
            metadata["error.message"] = "\(error.message)"
            metadata["llmkit.request.id"] = error.requestID.map { "\($0)" }
            metadata["llmkit.vendor.request_id"] = error.vendorRequestID.map { "\($0)" }
        case let error?:
            // Its text may quote anything.
            metadata["error.type"] = "\(type(of: error))"
        }
        return metadata
    }
}

extension Logger.Level {
    init(_ severity: Diagnostics.Severity) {
        switch severity {
        case .info: self = .info
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}
