import Synchronization

/// Keeps notices in memory, for tests.
///
/// ```swift
/// let notices = InMemoryDiagnostics()
/// let ledger = try Ledger(path: path, diagnostics: notices.diagnostics)
/// ```
package final class InMemoryDiagnostics: Sendable {
    private let kept = Mutex<[Diagnostics.Notice]>([])

    package init() {}

    /// What to hand to the part under test.
    package var diagnostics: Diagnostics { Diagnostics { notice in self.kept.withLock { $0.append(notice) } } }

    /// Everything reported so far, in order.
    package var notices: [Diagnostics.Notice] { kept.withLock { $0 } }

    /// Everything that one part has reported so far, in order.
    package func notices(about subject: String) -> [Diagnostics.Notice] { notices.filter { $0.subject == subject } }
}
