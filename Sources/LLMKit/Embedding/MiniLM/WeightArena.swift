import CKernels

/// One piece of memory for all the weights of a model, handed out front to back in the order in which they are read.
///
/// Unchecked: each part is written by whoever took it, before the model is shared, and only read from then on.
final class WeightArena: @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer
    private let capacity: Int
    private var used = 0

    /// Every part starts at a multiple of this many bytes: a line of the cache, a vector of 512 bits.
    static let alignment = 64

    /// - Parameter capacity: in bytes, the paddings between the parts included (``size(of:count:)``).
    /// - Throws: ``LLMError`` with code `storage` if the system has no memory left.
    init(capacity: Int) throws(LLMError) {
        guard let memory = llmkit_weights_allocate(capacity) else {
            throw LLMError(.storage, "no memory for \(capacity >> 20) MB of weights")
        }
        self.memory = memory
        self.capacity = capacity
    }

    deinit { llmkit_weights_free(memory, capacity) }

    /// Takes everything back.
    func reset() { used = 0 }

    /// How many bytes a part of `count` elements takes from the capacity.
    static func size<Element>(of type: Element.Type, count: Int) -> Int {
        (count * MemoryLayout<Element>.stride + alignment - 1) / alignment * alignment
    }

    /// The next part, all zeros in an arena that was never reset. Valid as long as the arena is.
    func take<Element: BitwiseCopyable>(
        _ count: Int,
        of type: Element.Type
    ) throws(LLMError) -> UnsafeMutablePointer<Element> {
        let size = Self.size(of: type, count: count)
        guard size <= capacity - used else { throw LLMError(.storage, "the weights outgrew their \(capacity) bytes") }
        defer { used += size }
        return (memory + used).bindMemory(to: type, capacity: count)
    }

    /// The next part, holding these numbers.
    func take<Element: BitwiseCopyable>(_ elements: [Element]) throws(LLMError) -> UnsafeMutablePointer<Element> {
        let part = try take(elements.count, of: Element.self)
        elements.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { part.update(from: first, count: source.count) }
        }
        return part
    }
}
