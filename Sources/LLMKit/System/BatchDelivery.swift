/// What became of a batch that a ``BatchQueue`` handed over.
enum BatchDelivery: Sendable {
    /// All of it is out.
    case delivered
    /// So many of its elements are lost for good; the others are out.
    case lost(Int, any Error)
    /// None of it is out. It stays queued, in its order, and is handed over again later.
    case failed(any Error)
}

/// A queue was given something after it had been closed.
struct BatchQueueClosed: Error, CustomStringConvertible {
    let description = "closed already: what comes now is not written any more"
}
