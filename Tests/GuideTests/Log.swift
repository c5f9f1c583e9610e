import Synchronization

#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#endif

/// A list that several tasks append to.
final class Log<Entry: Sendable>: Sendable {
    private let list = Mutex<[Entry]>([])
    var entries: [Entry] { list.withLock { $0 } }
    func append(_ entry: Entry) { list.withLock { $0.append(entry) } }
}
