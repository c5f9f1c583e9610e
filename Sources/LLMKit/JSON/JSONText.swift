/// A JSON document kept as the text it was written in.
///
/// Schemas and vendor blocks travel as text, because re-encoding would reorder keys: that breaks signatures and, with
/// them in front of the prompt, the vendor's prompt cache.
public struct JSONText: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// Wraps text that a ``JSONReader`` has already walked over.
    init(validated text: String) { description = text }
}

extension JSONText {
    /// Whether it is an object that has a member of this name.
    func hasMember(_ name: String) -> Bool {
        var text = description
        return text.withUTF8 { bytes in
            var json = JSONReader(bytes)
            do throws(JSONReader.Failure) {
                try json.beginObject()
                while let key = try json.nextKey() {
                    if key.string == name { return true }
                    try json.skipValue()
                }
            } catch {
                // No object: it has none.
            }
            return false
        }
    }
}
