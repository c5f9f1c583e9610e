import PortableFoundation

/// Matches that wait for somebody's judgement, and what was said of them: the file that a ``ReviewQueue`` writes.
///
/// `llmkit cache review` shows it in a terminal. Verdicts are kept beside it, in a file of the same name with `.verdicts`
/// at its end, so that the app may go on writing meanwhile.
public struct ReviewFile: Sendable {
    public let path: String
    /// The candidates in the order in which they came up.
    public private(set) var candidates: [ReviewCandidate] = []
    private var verdicts: [String: Bool] = [:]

    /// Reads the file, and what was said so far. Blocks.
    /// - Throws: ``LLMError`` with code `storage` if it cannot be read, or a line of it is none.
    public init(_ path: String) throws(LLMError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            throw LLMError(
                .storage,
                "there is no file \(path): set `SemanticCacheOptions.review` to a ReviewQueue that writes it"
            )
        }
        candidates = try JSONRows.read(path)
        for verdict in try Self.verdicts(of: path) { verdicts[verdict.id] = verdict.isRight }
    }

    static func verdictPath(_ path: String) -> String { path + ".verdicts" }

    static func verdicts(of path: String) throws(LLMError) -> [ReviewVerdict] {
        let path = verdictPath(path)
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try JSONRows.read(path)
    }

    /// Whether the remembered answer was right for the question that was asked, as somebody said; `nil` if nobody has.
    public func verdict(on candidate: ReviewCandidate) -> Bool? { verdicts[candidate.id] }

    /// Those of which nobody has said anything yet, and somebody could, in an order that chance alone has made: whoever stops early has
    /// judged a fair sample. If the most telling came first – where the cache's judge and its policy disagree – those that
    /// turn out right would be over-represented among the doubtful, and ``samples`` prove what is not so.
    ///
    /// Where the same question was asked once more, there is nothing to judge, and nothing to prove.
    public var open: [ReviewCandidate] {
        candidates.filter { verdicts[$0.id] == nil && $0.asked != nil && $0.needsVerdict }.sorted { $0.lot < $1.lot }
    }

    /// Those of which somebody has said something that counts.
    public var judged: [ReviewCandidate] { candidates.filter { verdicts[$0.id] != nil && $0.needsVerdict } }

    /// Notes what somebody said, in the file at once. Blocks.
    /// - Parameters:
    ///   - candidate: what was judged.
    ///   - isRight: whether the remembered answer was right; `nil` takes back what was said.
    /// - Throws: ``LLMError`` with code `storage` if it cannot be written.
    public mutating func judge(_ candidate: ReviewCandidate, isRight: Bool?) throws(LLMError) {
        let verdict = ReviewVerdict(id: candidate.id, isRight: isRight, date: Date())
        try JSONRows.append([verdict], to: Self.verdictPath(path))
        verdicts[candidate.id] = isRight
    }

    /// What was said, as samples to calibrate from; what the cache's own judge said does not count.
    ///
    /// A policy that learns checks some matches oftener than others. As many are left out of those that it checked often as
    /// make all equally likely to be in: see ``CalibrationSample/samples(of:neighbours:seed:)``.
    public var samples: [CalibrationSample] {
        let judged = judged
        let least = judged.compactMap(\.rate).min() ?? 1
        return judged.compactMap { candidate in
            guard let isRight = verdicts[candidate.id] else { return nil }
            if let rate = candidate.rate, !CalibrationSample.isKept(rate, least, candidate.lot) { return nil }
            var sample = candidate.sample
            (sample.wasRight, sample.unit) = (isRight, .verdict)
            return sample
        }
    }
}

extension ReviewFile: CustomStringConvertible {
    /// Such as `review.jsonl: 40 judged, 12 open`.
    public var description: String { "\(path): \(judged.count) judged, \(open.count) open" }
}
