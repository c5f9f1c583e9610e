@testable import LLMKit

/// What takes long is done in full by `make soak`, and in part by every run of the tests.
enum Soak {
    static let isOn = environmentVariable("LLMKIT_SOAK") != nil

    static func count(_ whole: Int, else part: Int) -> Int { isOn ? whole : part }
}
