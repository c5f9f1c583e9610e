import Synchronization

/// The models of which something was told already, so that it is told once and not with every request.
final class ToldModels: Sendable {
    private let names = Mutex<Set<ModelName>>([])

    /// Notes a model.
    /// - Returns: whether nothing was told of it yet.
    func isNew(_ name: ModelName) -> Bool { names.withLock { $0.insert(name).inserted } }
}
