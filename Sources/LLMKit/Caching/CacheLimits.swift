/// Refuses limits under which a cache could never keep an answer.
func checkCacheLimits(bytes: some BinaryInteger, ttl: Duration?) throws(LLMError) {
    guard bytes > 0 else {
        throw LLMError(.invalidConfiguration, "the cache has room for \(bytes) bytes; give it more than none")
    }
    if let ttl, ttl <= .zero {
        throw LLMError(.invalidConfiguration, "the cache keeps answers for \(ttl); give it a ttl above zero")
    }
}
