import PortableFoundation

/// Arguments of a tool that do not decode as its type: the ``LLMError/cause`` of ``ToolCall/decode(_:)``'s error.
public struct InvalidArguments: Error, Hashable, Sendable, CustomStringConvertible {
    /// The arguments as the model wrote them.
    public var text: String
    /// Where decoding stopped, such as `stops.0.name`; empty for the arguments as a whole.
    public var path: String
    /// What was wrong there.
    public var reason: String

    /// Place and reason, fit to go back to the model that wrote them.
    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

extension ToolCall {
    /// Decodes the arguments, which a model wrote: expect mistakes, and tell the model.
    ///
    /// Dates are read as ISO 8601. A call without any arguments is read as one with an empty object.
    /// - Parameter type: what to decode them as.
    /// - Throws: ``LLMError`` with code `invalidAnswer` and an ``InvalidArguments`` as its cause.
    public func decode<Arguments: Decodable>(_ type: Arguments.Type) throws(LLMError) -> Arguments {
        do {
            return try JSONDecoder.ofAnswers.decode(type, from: Data(argumentsOrNone.utf8))
        } catch {
            let place = (error as? DecodingError)?.place
            let invalid = InvalidArguments(
                text: arguments,
                path: place?.path ?? "",
                reason: place?.reason ?? "an error of type \(Swift.type(of: error))"
            )
            throw LLMError(
                .invalidAnswer,
                "the arguments of a call of '\(name)' do not decode as \(type); the error's cause, an InvalidArguments, holds the place",
                cause: invalid
            )
        }
    }

    /// The arguments; some vendors send nothing where there are none.
    var argumentsOrNone: String { arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments }
}
