public import PortableFoundation

/// Loggers and user interfaces that know only Foundation's errors show the same words.
extension LLMError: LocalizedError {
    public var errorDescription: String? { description }
}
