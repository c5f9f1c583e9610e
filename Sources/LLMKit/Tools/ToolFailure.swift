/// What a model is to know of a tool's failure: throw it from a tool, and the model reads the message and may try otherwise.
///
/// ```swift
/// guard let order = try await orders.find(id) else { throw ToolFailure("there is no order \(id)") }
/// ```
///
/// Of any other error the model is told that the tool failed, and nothing else: its text may hold what is none of the
/// vendor's business. The app finds it in ``ToolRun/error``.
public struct ToolFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Goes to the model word for word.
    public var message: String

    public init(_ message: String) { self.message = message }

    public var description: String { message }
}
