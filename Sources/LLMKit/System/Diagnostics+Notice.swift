extension Diagnostics {
    /// How bad a notice is.
    public enum Severity: String, Sendable, CaseIterable {
        /// Something that was wrong is right again.
        case info
        /// The library goes on, with less than it was asked for.
        case warning
        /// Something is lost, or about to be.
        case error
    }

    /// What a part of the library has to say to the operator.
    public struct Notice: Sendable, CustomStringConvertible {
        public var severity: Severity
        /// The part that speaks, in a word: `ledger`, `cache`, `prices`.
        public var subject: String
        /// What happened, and what to do about it.
        public var message: String
        /// The error behind it.
        ///
        /// Reporters wrap what others have thrown in an ``LLMError`` first, whose text quotes no content.
        public var cause: (any Error)?

        package init(_ severity: Severity, _ subject: String, _ message: String, cause: (any Error)? = nil) {
            self.severity = severity
            self.subject = subject
            self.message = message
            self.cause = cause
        }

        /// The notice as one line of text.
        ///
        /// Of an error that cannot describe itself only the type is told.
        public var description: String {
            let reason = cause.map { cause in
                (cause as? any CustomStringConvertible)?.description ?? "an error of type \(type(of: cause))"
            }
            return "\(severity): \(subject): \(message)" + (reason.map { " (\($0))" } ?? "")
        }
    }
}
