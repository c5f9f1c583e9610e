#if SANITIZE_THREAD
@testable import LLMKit

/// The same stand-in as in the library: see there.
typealias Mutex = LLMKit::Mutex
#endif
