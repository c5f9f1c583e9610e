/// A JSON document kept as the text it was written in.
///
/// Schemas and vendor blocks travel as text, because re-encoding would reorder keys: that breaks signatures and, with
/// them in front of the prompt, the vendor's prompt cache.
public struct JSONText: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// Wraps text that a ``JSONReader`` has already walked over.
    init(validated text: String) { description = text }
}
