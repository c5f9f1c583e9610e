/// A string that is equal only to the same sequence of code points.
///
/// Swift's own equality joins what Unicode calls canonically equivalent, JSON's does not.
package struct ExactString: Hashable, Sendable, ExpressibleByStringLiteral {
    package let text: String

    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.text = text }

    package static func == (a: ExactString, b: ExactString) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    package func hash(into hasher: inout Hasher) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isDone == nil { for byte in text.utf8 { hasher.combine(byte) } }
        // Ends the text, so that ["a", "bc"] and ["ab", "c"] differ.
        hasher.combine(0xFF as UInt8)
    }
}

extension ExactString: Comparable {
    /// By code points, as the order of UTF-8 is.
    package static func < (a: ExactString, b: ExactString) -> Bool {
        a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
    }
}
