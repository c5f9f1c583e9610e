/// A value whose parts must not be printed: its ``description`` is all that `print`, `dump` and string interpolation tell,
/// also of whatever holds it.
package protocol ConcealingDescription: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension ConcealingDescription {
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
