/// Where parts of the library tell the operator what no caller is there to be told: a disk that fails behind a request,
/// a cache that could not be opened, a model without a price.
///
/// A value around a closure, so that any logging library takes a line:
///
/// ```swift
/// let ledger = try Ledger(path: "ledger.sqlite", diagnostics: Diagnostics { notice in
///     logger.log(level: notice.severity == .error ? .error : .warning, "\(notice)")
/// })
/// ```
///
/// Notices are rare: a request that goes well makes none, unless it shows a setting that does not work, such as a model
/// without a price or a signal without its log-probabilities; that is told once. They hold no prompt, no answer and no key.
public struct Diagnostics: Sendable {
    private let sink: @Sendable (Notice) -> Void

    /// - Parameter sink: takes one notice. It is called from request paths and from threads of the library, so it must
    ///   return soon.
    public init(_ sink: @escaping @Sendable (Notice) -> Void) { self.sink = sink }

    /// Passes a notice on.
    public func report(_ notice: Notice) { sink(notice) }

    /// Passes a notice on.
    /// - Parameters:
    ///   - severity: how bad it is.
    ///   - subject: the part that speaks, in a word: `ledger`, `cache`, `prices`.
    ///   - message: what happened, and what to do about it.
    ///   - cause: the error behind it; see ``Notice/cause``.
    public func report(_ severity: Severity, _ subject: String, _ message: String, cause: (any Error)? = nil) {
        sink(Notice(severity, subject, message, cause: cause))
    }

    /// Wants no notices.
    public static let none = Diagnostics { _ in }

    /// Writes notices to standard error, a line each: at most 20 lines a minute, and none twice within one.
    ///
    /// The default everywhere. A standard error that takes no more bytes loses lines rather than holding up the process.
    public static let standardError = Diagnostics { ErrorOutput.standard.write($0) }.limited(to: 20, per: .seconds(60))
}
