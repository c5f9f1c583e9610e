public import PortableFoundation

/// One decision of a semantic cache whose outcome became known, as ledgers keep it.
///
/// Holds numbers only: no question and no answer. ``Ledger/trials(since:until:tenant:limit:)`` reads them back, to
/// calibrate a policy on the app's own traffic or to report on it.
public struct CacheTrial: Hashable, Sendable {
    /// How the outcome became known.
    public enum Source: String, Hashable, Sendable, CaseIterable, Codable {
        /// The model was asked although an answer was remembered, and the two were compared.
        case recheck
        /// Nothing is served yet: every answer is compared with what would have been served.
        case shadow
        /// The app said so: see ``SemanticCache/report(_:wasRight:)``.
        case feedback
    }

    public var date: Date
    /// `nil` where the app reported it later.
    public var requestID: RequestID?
    public var tenant: String?
    /// The entry whose answer was judged.
    public var entry: Int64
    public var source: Source
    public var trial: HitTrial
    /// Whose vectors were compared; `nil` where a ledger's older rows do not say.
    package var vectors: VectorOrigin?

    package init(
        date: Date,
        requestID: RequestID? = nil,
        tenant: String? = nil,
        entry: Int64,
        source: Source,
        trial: HitTrial,
        vectors: VectorOrigin? = nil
    ) {
        self.date = date
        self.requestID = requestID
        self.tenant = tenant
        self.entry = entry
        self.source = source
        self.trial = trial
        self.vectors = vectors
    }
}

extension CacheTrial: CustomStringConvertible {
    /// Such as `recheck of entry 12: check: score 0.97 of 0.93 needed; was right; …`.
    public var description: String { "\(source.rawValue) of entry \(entry): \(trial)" }
}
