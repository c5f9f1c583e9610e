import ExampleSupport
import LLMKit
import PortableFoundation

extension Options {
    /// The variable of `--vendor openai-compatible`, which names no vendor that could have one of its own.
    static let compatibleKeyVariable = "OPENAI_COMPATIBLE_API_KEY"

    /// Where the key comes from; `nil` leaves it to the vendor's own variable, if it has one.
    ///
    /// Options name a variable and never hold the key itself: command lines are seen by every user of a machine, and kept
    /// by shells.
    func key(
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Arguments.Mistake) -> APIKey? {
        guard let keyVariable else {
            let isSet = environment[Self.compatibleKeyVariable]?.isEmpty == false
            return vendor == "openai-compatible" && isSet ? .environment(Self.compatibleKeyVariable) : nil
        }
        // What was given is not repeated: it may be the key.
        guard environment[keyVariable]?.isEmpty == false else {
            throw Arguments.Mistake(
                "--key-variable names no environment variable that is set; it takes a name, not a key"
            )
        }
        return .environment(keyVariable)
    }
}
