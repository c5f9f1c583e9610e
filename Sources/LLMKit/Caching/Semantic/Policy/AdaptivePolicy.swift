import PortableFoundation
import Synchronization

/// Learns on the running traffic what may be served, and keeps its owner's bound from the first answer on.
///
/// It begins closed: every match is only checked, that is, the model is asked as on any miss, and its answer compared with
/// the remembered one. Once a region of scores has proven to be wrong seldom enough, matches in it are served, but some are
/// checked for ever: that is how it notices that the world has changed, and closes again. Each partition of the cache proves
/// for itself; what others have proven tells it only where to look first.
///
/// The promise: in each partition, of the answers served, counted from `10 / wrongShare` of them on, no more than
/// ``Promise/wrongShare`` are wrong, and the probability that this is ever broken is at most
/// ``Promise/failureProbability``. It holds for traffic that drifts; it rests on checks that come to a true verdict.
///
/// Proof takes traffic: for 2 %, some 400 checked matches of a partition, and more where some of them are wrong. A partition
/// that sees less never opens; let such share (``init(_:calibration:perPartition:seed:resuming:)``), or calibrate
/// (`CalibratedPolicy`).
package final class AdaptivePolicy: HitPolicy {
    /// What is promised, and how it is watched over.
    package struct Promise: Hashable, Sendable, Codable {
        /// The largest share of served answers that may be wrong, above 0 and below 1.
        package var wrongShare: Double
        /// The probability, above 0 and below 1, with which that may fail.
        package var failureProbability: Double
        /// The share of matches in open regions that is checked at least, for ever; above 0, at most 1/2.
        package var leastCheckShare: Double
        /// The share of matches in closed regions that is checked: the model is asked anyway, so only the comparison
        /// costs. Above 0, at most 1.
        package var closedCheckShare: Double

        package init(
            wrongShare: Double,
            failureProbability: Double = 0.05,
            leastCheckShare: Double = 0.05,
            closedCheckShare: Double = 1
        ) {
            self.wrongShare = wrongShare
            self.failureProbability = failureProbability
            self.leastCheckShare = leastCheckShare
            self.closedCheckShare = closedCheckShare
        }
    }

    /// What it has learned, to be kept over a restart.
    package struct Snapshot: Hashable, Sendable, Codable {
        var edges: [Double]
        var partitions: [UInt64: RegionEvidence]
    }

    /// More partitions than this are not told apart: the one not seen for longest begins anew.
    static let mostPartitions = 10_000

    fileprivate struct State: Sendable {
        var partitions: [UInt64: RegionEvidence] = [:]
        /// How many partitions serve from which edge on.
        var openings: [Int]
        var lastUse: [UInt64: UInt64] = [:]
        var clock: UInt64 = 0
        /// What was learned of since it was last taken.
        var changed: Set<UInt64> = []
        var generator: SeededGenerator
    }

    package let promise: Promise
    package let calibration: Calibration?
    private let perPartition: Bool
    private let edges: [Double]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - promise: what is to be kept.
    ///   - calibration: scores the matches, if there is one; it need not be right, for it only orders them. Without one the
    ///     neighbours' vote does.
    ///   - perPartition: whether the promise is kept in each partition, which takes proof from each; else over all of them
    ///     together.
    ///   - seed: chooses which matches are checked.
    ///   - snapshot: what an earlier one has learned; ignored if it scored otherwise.
    package init(
        _ promise: Promise,
        calibration: Calibration? = nil,
        perPartition: Bool = true,
        seed: UInt64 = 0,
        resuming snapshot: Snapshot? = nil
    ) {
        self.promise = promise
        self.calibration = calibration
        self.perPartition = perPartition
        edges = calibration == nil ? Self.voteEdges : Self.trustEdges
        var state = State(openings: edges.map { _ in 0 }, generator: SeededGenerator(seed: seed))
        if let snapshot { state.resume(snapshot, edges: edges) }
        self.state = Mutex(state)
    }

    /// Where regions of the neighbours' vote begin.
    private static let voteEdges = [0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2]
    /// Where regions of a calibration's trust begin.
    private static let trustEdges = [0.999, 0.998, 0.996, 0.993, 0.99, 0.985, 0.98, 0.97, 0.95, 0.93, 0.9, 0.8]

    package var neighbours: Int { calibration?.neighbours ?? Calibration.mostNeighbours }
    package var floor: Double { 0 }
    package var needsMutual: Bool { neighbours > 1 }

    package func decide(_ found: Neighbourhood) -> HitDecision {
        guard let match = CalibratedMatch(found, neighbours: neighbours), !match.isBarred else {
            return .ask(threshold: 1)
        }
        let score = score(match, found)
        guard let region = region(score) else { return .ask(match.neighbour, score: score, threshold: 1) }
        return state.withLock { state in
            let key = perPartition ? found.partition : 0
            let evidence = state.partitions[key] ?? RegionEvidence(regions: edges.count)
            let isOpen = region <= evidence.open
            let threshold = evidence.open >= 0 ? edges[evidence.open] : 1
            let rate = isOpen ? evidence.checkRate(least: promise.leastCheckShare) : promise.closedCheckShare
            state.touch(key, evidence)
            if state.generator.unit() < rate {
                return .check(match.neighbour, score: score, threshold: threshold, rate: rate)
            }
            guard isOpen else { return .ask(match.neighbour, score: score, threshold: threshold) }
            state.partitions[key]?.serve()
            return HitDecision(.serve, neighbour: match.neighbour, score: score, threshold: threshold, checkRate: rate)
        }
    }

    package func wouldServe(_ found: Neighbourhood) -> Bool {
        guard let match = CalibratedMatch(found, neighbours: neighbours), !match.isBarred,
            let region = region(score(match, found))
        else { return false }
        return state.withLock { state in
            region <= state.partitions[perPartition ? found.partition : 0]?.open ?? -1
        }
    }

    package func learn(_ trial: HitTrial) {
        let decision = trial.decision
        guard decision.action != .ask, decision.checkRate > 0, let region = region(decision.score) else { return }
        state.withLock { state in
            let key = perPartition ? trial.found.partition : 0
            var evidence = state.partitions[key] ?? RegionEvidence(regions: edges.count)
            evidence.learn(
                region: region,
                wasWrong: !trial.wasRight,
                wasChecked: decision.action == .check,
                rate: decision.checkRate,
                share: state.shares,
                promise
            )
            state.touch(key, evidence)
            state.replace(key, evidence)
            state.changed.insert(key)
        }
    }

    /// What it has learned so far.
    package func snapshot() -> Snapshot {
        Snapshot(edges: edges, partitions: state.withLock { $0.partitions })
    }

    package func takeChanges() -> [PolicyPiece] {
        state.withLock { state in
            defer { state.changed = [] }
            return state.changed.sorted().compactMap { key in
                guard let evidence = state.partitions[key], let bytes = try? JSONEncoder().encode(evidence) else {
                    return nil
                }
                return PolicyPiece(key: "\(edges.count)/\(key)", bytes: Array(bytes))
            }
        }
    }

    package func merge(_ pieces: [PolicyPiece]) {
        var snapshot = Snapshot(edges: edges, partitions: [:])
        for piece in pieces where piece.key.hasPrefix("\(edges.count)/") {
            guard let key = piece.key.split(separator: "/").last.flatMap({ UInt64($0) }),
                let evidence = try? JSONDecoder().decode(RegionEvidence.self, from: Data(piece.bytes))
            else { continue }
            snapshot.partitions[key] = evidence
        }
        state.withLock { state in
            snapshot.partitions = snapshot.partitions.filter { !state.changed.contains($0.key) }
            state.resume(snapshot, edges: edges)
        }
    }

    /// From which score on matches of a partition are served; `nil` if none are.
    package func threshold(in partition: UInt64 = 0) -> Double? {
        let open = state.withLock { $0.partitions[perPartition ? partition : 0]?.open ?? -1 }
        return edges.indices.contains(open) ? edges[open] : nil
    }

    private func score(_ match: CalibratedMatch, _ found: Neighbourhood) -> Double {
        guard let calibration else { return min(max(match.lead, 0), 1) }
        return calibration.stage(for: found.count)?.score(match.features) ?? 0
    }

    private func region(_ score: Double) -> Int? { edges.firstIndex { score >= $0 } }

    package func validate() throws(LLMError) {
        let shares = [
            ("wrongShare", promise.wrongShare, 1.0), ("failureProbability", promise.failureProbability, 1),
            ("leastCheckShare", promise.leastCheckShare, 0.5.nextUp),
            ("closedCheckShare", promise.closedCheckShare, 1.0.nextUp),
        ]
        for (name, share, end) in shares where !(share > 0 && share < end) {
            throw LLMError(
                .invalidConfiguration,
                "AdaptivePolicy: \(name) is \(share); it must be above 0 and \(end == 1 ? "below 1" : "at most \(end.nextDown)")"
            )
        }
        try calibration?.validate()
    }
}

extension AdaptivePolicy.State {
    /// Takes over what was learned before, unless it was scored otherwise.
    mutating func resume(_ snapshot: AdaptivePolicy.Snapshot, edges: [Double]) {
        guard snapshot.edges == edges else { return }
        for (key, evidence) in snapshot.partitions where evidence.regions == edges.count { replace(key, evidence) }
    }

    mutating func touch(_ key: UInt64, _ evidence: RegionEvidence) {
        clock &+= 1
        lastUse[key] = clock
        guard partitions[key] == nil else { return }
        replace(key, evidence)
        guard partitions.count > AdaptivePolicy.mostPartitions else { return }
        // A tenth at a time, so that the sorting is paid for by many.
        let stale = partitions.keys.sorted { (lastUse[$0] ?? 0) < (lastUse[$1] ?? 0) }
        for key in stale.prefix(AdaptivePolicy.mostPartitions / 10) {
            replace(key, nil)
            lastUse[key] = nil
        }
    }

    mutating func replace(_ key: UInt64, _ evidence: RegionEvidence?) {
        if let open = partitions[key]?.open, openings.indices.contains(open) { openings[open] -= 1 }
        if let open = evidence?.open, openings.indices.contains(open) { openings[open] += 1 }
        partitions[key] = evidence
    }

    /// Of each region the share of the failure probability: half evenly, half where partitions have proven most.
    var shares: [Double] {
        let regions = Double(openings.count)
        let total = Double(openings.reduce(1, +))
        return openings.map { 0.5 / regions + 0.5 * (Double($0) + 1 / regions) / total }
    }
}

extension HitPolicy where Self == BuiltInPolicy {
    /// Learns on the running traffic what may be served, and keeps its owner's bound from the first answer on.
    ///
    /// It begins closed: every match is only checked, that is, the model is asked as on any miss, and its answer compared
    /// with the remembered one. Once a region of scores has proven to be wrong seldom enough, matches in it are served,
    /// but some are checked for ever: that is how it notices that the world has changed, and closes again.
    ///
    /// The promise: in each partition, of the answers served, counted from `10 / errorBound` of them on, no more than
    /// `errorBound` are wrong, and the probability that this is ever broken is at most `failureProbability`. It holds for
    /// traffic that drifts; it rests on checks that come to a true verdict.
    ///
    /// Proof takes traffic: for 2 %, some 400 checked matches of a partition, and more where some of them are wrong. A
    /// partition that sees less never opens; let such share (`perPartition: false`), or use ``calibrated(_:)``.
    /// - Parameters:
    ///   - errorBound: the largest share of served answers that may be wrong, such as 0.02; above 0 and below 1.
    ///   - failureProbability: the probability, above 0 and below 1, with which that may fail.
    ///   - leastCheckShare: the share of matches in open regions that is checked at least, for ever; above 0, at most 1/2.
    ///   - closedCheckShare: the share of matches in closed regions that is checked: the model is asked anyway, so only
    ///     the comparison costs. Above 0, at most 1.
    ///   - calibration: scores the matches, if there is one; it need not be right, for it only orders them. Without one
    ///     the neighbours' vote does.
    ///   - perPartition: whether the promise is kept in each partition, which takes proof from each; else over all of them
    ///     together.
    /// - Returns: the policy.
    public static func adaptive(
        errorBound: Double,
        failureProbability: Double = 0.05,
        leastCheckShare: Double = 0.05,
        closedCheckShare: Double = 1,
        calibration: Calibration? = nil,
        perPartition: Bool = true
    ) -> BuiltInPolicy {
        let promise = AdaptivePolicy.Promise(
            wrongShare: errorBound,
            failureProbability: failureProbability,
            leastCheckShare: leastCheckShare,
            closedCheckShare: closedCheckShare
        )
        return BuiltInPolicy(AdaptivePolicy(promise, calibration: calibration, perPartition: perPartition))
    }
}
