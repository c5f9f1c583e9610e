import CPlatform

extension AdaptivePolicy {
    /// All that changes of an adaptive policy.
    struct State: Sendable {
        var scale: MatchScale
        var generator: SeededGenerator
        private var partitions: [UInt64: PartitionState] = [:]
        private var clock: UInt64 = 0

        init(_ scale: MatchScale, seed: UInt64) {
            self.scale = scale
            generator = SeededGenerator(seed: seed)
        }

        var isUntouched: Bool { partitions.isEmpty }

        /// Matches that must be seen before the regions' traffic is weighed anew.
        private static let pause: UInt64 = 16
        /// What the checks of other partitions count for beside a partition's own.
        private static let (strength, weight) = (2.0, 40.0)
        /// What is opened is expected to be wrong no oftener than in this share of the bound: checks that find a wrong
        /// match cost more than one of those that pass, and expectations err.
        private static let prudence = 0.4
        /// Who has earned may dare so many times as much.
        private static let mostWealth = 2.0
        /// So many checks make a partition known.
        private static let newness = 200.0
        /// No single region may be expected to be wrong so many times as often as the bound.
        private static let worst = 2.0
        /// Where weights are smaller, more are checked than served, and the checks earn hardly anything.
        private static let leastWeight = 1.0
        /// While verdicts are out that may cost all, so many matches are left alone before one more is checked.
        private static let patience: UInt64 = 64

        // MARK: Deciding

        /// The widest region worth serving; -1 for none.
        mutating func open(_ key: UInt64, _ promise: Promise, _ terms: ErrorAccount.Terms) -> Int {
            if let open = partitions[key]?.open { return open }
            let shares = wrongShares(key)
            let seen = partitions[key]?.recent.seen ?? []
            var (matches, wrong, open) = (0.0, 0.0, -1)
            let wealth = min(max(balance(key, terms) / terms.loan, 1), Self.mostWealth)
            let mostWrong = Self.prudence * promise.wrongShare * wealth
            for region in scale.edges.indices {
                let count = 1 + (region < seen.count ? seen[region] : 0)
                matches += count
                wrong += count * shares[region]
                if wrong <= mostWrong * matches,
                    shares[region] <= Self.worst * promise.wrongShare
                {
                    open = region
                }
            }
            partitions[key]?.open = open
            return open
        }

        /// The wrong share that is expected of each region of a partition.
        private func wrongShares(_ key: UInt64) -> [Double] {
            let own = partitions[key]?.recent
            var others = partitions[PartitionState.joint]?.recent ?? RegionEvidence(regions: scale.edges.count)
            if let own { others = others.without(own) }
            let believed = others.wrongShares(scale.believed, strength: scale.strength, weight: scale.weight)
            guard let own else { return believed }
            return own.wrongShares(
                believed,
                strength: others.checks > 0 ? Self.strength : scale.strength,
                weight: others.checks > 0 ? Self.weight : scale.weight
            )
        }

        /// How likely a match that is not served should be checked: near the edge of what is open, often at first, and seldom
        /// where enough is known.
        func worthOfChecking(_ region: Int, _ open: Int, _ key: UInt64, _ promise: Promise) -> Double {
            guard let recent = partitions[key]?.recent, region > open else { return 0.02 }
            let checks = recent.checked[region]
            if region > max(open, 2) + 2 { return min(0.05, 0.25 / (1 + checks)) }
            // Where nothing is known and nothing served, the sooner the better.
            let isNew = open < 0 && recent.checks < Self.newness
            return min(1, (isNew ? 60 : 1) / (1 + checks))
        }

        /// The greatest weight that a match of a partition may have now; 0 if none may be served.
        mutating func allowedWeight(_ key: UInt64, _ terms: ErrorAccount.Terms) -> Double {
            let weight = weight(key, terms)
            if weight >= Self.leastWeight { return weight }
            // Nearly all is staked. Verdicts that are out may bring it back; else the little that is left must earn.
            guard let state = partitions[key], weight > 0 else { return 0 }
            return clock % (state.pending > 0 ? Self.patience : Self.patience / 4) == 0 ? weight : 0
        }

        func mayServe(_ key: UInt64, _ terms: ErrorAccount.Terms) -> Bool { weight(key, terms) >= Self.leastWeight }

        private func weight(_ key: UInt64, _ terms: ErrorAccount.Terms) -> Double {
            let fresh = ErrorAccount(terms)
            let own = partitions[key]?.account ?? fresh
            let all = partitions[PartitionState.joint]?.account ?? fresh
            return min(own.allowedWeight(terms), all.allowedWeight(terms))
        }

        func balance(_ key: UInt64, _ terms: ErrorAccount.Terms) -> Double {
            let fresh = ErrorAccount(terms)
            return min(
                (partitions[key]?.account ?? fresh).balance(terms),
                (partitions[PartitionState.joint]?.account ?? fresh).balance(terms)
            )
        }

        // MARK: What happens

        mutating func see(_ region: Int, in key: UInt64, _ terms: ErrorAccount.Terms) {
            clock &+= 1
            change(key, terms) { [clock] state in
                state.fresh.evidence.see(region)
                state.recent.see(region)
                if clock % Self.pause == 0 { state.open = nil }
            }
            makeRoom()
        }

        mutating func serve(_ weight: Double, in key: UInt64, _ terms: ErrorAccount.Terms) {
            change(key, terms) { $0.change { $0.serve(weight: weight) } }
        }

        mutating func check(_ weight: Double, in key: UInt64, _ terms: ErrorAccount.Terms) {
            change(key, terms) { state in
                state.pending += 1
                state.change { $0.check(weight: weight, terms) }
            }
        }

        /// The verdict on a match that was checked where it might have been served.
        mutating func settle(_ weight: Double, wasRight: Bool, in key: UInt64, _ terms: ErrorAccount.Terms) {
            change(key, terms) { state in
                state.pending = max(0, state.pending - 1)
                if wasRight { state.change { $0.clear(weight: weight, terms) } }
            }
        }

        mutating func report(in key: UInt64, _ terms: ErrorAccount.Terms) {
            change(key, terms) { $0.change { $0.report() } }
        }

        mutating func learn(_ region: Int, wasWrong: Bool, in key: UInt64, _ terms: ErrorAccount.Terms) {
            change(key, terms) { state in
                state.fresh.evidence.learn(region, wasWrong: wasWrong)
                state.recent.fade()
                state.recent.learn(region, wasWrong: wasWrong)
                state.open = nil
                state.isChanged = true
            }
        }

        /// Changes a partition, and all of them together.
        private mutating func change(
            _ key: UInt64,
            _ terms: ErrorAccount.Terms,
            _ work: (inout PartitionState) -> Void
        ) {
            for key in key == PartitionState.joint ? [key] : [key, PartitionState.joint] {
                var state = partitions.removeValue(forKey: key) ?? PartitionState(regions: scale.edges.count, terms)
                state.lastUse = clock
                work(&state)
                partitions[key] = state
            }
        }

        private mutating func makeRoom() {
            guard partitions.count > AdaptivePolicy.mostPartitions else { return }
            // A tenth at a time, so that the sorting is paid for by many.
            let stale = partitions.filter { $0.key != PartitionState.joint }.sorted {
                $0.value.lastUse < $1.value.lastUse
            }
            for (key, _) in stale.prefix(AdaptivePolicy.mostPartitions / 10) { partitions[key] = nil }
        }

        // MARK: Keeping

        mutating func takeChanges(_ layout: String) -> [PolicyPiece] {
            let changed = partitions.filter { $0.value.isChanged }.keys.sorted()
            return changed.compactMap { key in
                guard var state = partitions[key] else { return nil }
                let piece = PolicyPiece(key: "\(prefix(layout))\(key)", bytes: state.fresh.bytes)
                state.taken = state.taken + state.fresh
                state.fresh = state.empty
                state.isChanged = false
                partitions[key] = state
                return piece
            }
        }

        mutating func merge(_ pieces: [PolicyPiece], _ layout: String, _ terms: ErrorAccount.Terms) {
            let prefix = prefix(layout)
            for piece in pieces where piece.key.hasPrefix(prefix) {
                guard let key = UInt64(piece.key.dropFirst(prefix.count)),
                    let kept = PartitionState.Lasting(piece.bytes),
                    kept.evidence.regions == scale.edges.count,
                    kept.account.costs.count == ErrorAccount(terms).costs.count
                else { continue }
                var state = partitions[key] ?? PartitionState(regions: scale.edges.count, terms)
                let news = kept.evidence.without(state.kept.evidence).without(state.taken.evidence)
                state.recent = state.recent + news.scaled(by: min(1, RegionEvidence.memory / max(1, news.checks)))
                state.kept = kept
                state.taken = state.empty
                state.account = state.kept.account + state.fresh.account
                state.open = nil
                partitions[key] = state
            }
        }

        private func prefix(_ layout: String) -> String { "2 \(layout) \(scale.edges.count) " }
    }
}
