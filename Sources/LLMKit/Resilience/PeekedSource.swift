import Synchronization

/// A source whose first event was already taken, to see that there is one.
final class PeekedSource: EventSource {
    private let first: Mutex<StreamEvent?>
    private let rest: any EventSource

    init(_ first: StreamEvent, _ rest: any EventSource) {
        self.first = Mutex(first)
        self.rest = rest
    }

    func next() async throws -> StreamEvent? {
        if let event = first.withLock({ $0.take() }) { return event }
        return try await rest.next()
    }
}
