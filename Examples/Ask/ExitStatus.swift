import ExampleSupport
import LLMKit

/// How the program ends, for whoever calls it from a script.
enum ExitStatus: Int32, Equatable {
    case answered = 0
    /// Options, files, the key, the model, the request: what whoever typed the command can put right.
    case mistake = 2
    /// The network, the vendor, an answer that is broken.
    case upstream = 3
    /// Rates, quotas, budgets, sizes, and our own deadline.
    case limit = 4
    /// Standard output cannot be written: a full disk, say.
    case output = 5
    /// Ctrl-C, as the shell would have it: 128 and the signal's number.
    case interrupted = 130
    /// Standard output was closed before the answer was written.
    case closedPipe = 141

    private static let mistakes: Set<LLMError.Code> = [
        .invalidRequest, .invalidConfiguration, .noSuchModel, .authentication, .permission, .notFound, .unsupported,
        .storage,
    ]
    private static let limits: Set<LLMError.Code> = [
        .rateLimited, .quotaExhausted, .overBudget, .contextLength, .requestTooLarge, .responseTooLarge,
    ]

    /// The status for an error; `ownDeadlinePassed` tells a timeout of ours from one of the upstream's.
    init(_ error: any Error, ownDeadlinePassed: Bool = false) {
        switch error {
        case let error as LLMError where Self.mistakes.contains(error.code): self = .mistake
        case let error as LLMError where Self.limits.contains(error.code): self = .limit
        case let error as LLMError where error.code == .timeout && ownDeadlinePassed: self = .limit
        case let error as LLMError where error.code == .cancelled: self = .interrupted
        case is LLMError: self = .upstream
        case Terminal.Failure.closed: self = .closedPipe
        case is Terminal.Failure: self = .output
        default: self = .mistake
        }
    }
}
