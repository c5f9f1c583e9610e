/// Something that went wrong without failing a request, or that will not mend itself: see ``Pipeline/onProblem``.
///
/// A cheap tier whose key is wrong costs no request its answer, because the next tier stands in; without being told,
/// nobody would notice but the one who pays.
public struct Problem: Sendable {
    /// Which part of the pipeline it is about.
    public enum Part: Hashable, Sendable, CustomStringConvertible {
        case model(ModelName)
        /// A confidence signal, or the part of one that failed, by its name.
        case signal(String)
        case cache

        public var description: String {
            switch self {
            case .model(let name): "model '\(name)'"
            case .signal(let name): "signal '\(name)'"
            case .cache: "cache"
            }
        }
    }

    public var part: Part
    public var error: LLMError
    /// The request during which it was noticed.
    public var requestID: RequestID
}

extension Problem: CustomStringConvertible {
    public var description: String { "\(part): \(error)" }
}
