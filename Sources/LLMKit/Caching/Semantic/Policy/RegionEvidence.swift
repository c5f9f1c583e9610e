/// How right the matches of each region of scores have been, as far as was checked.
///
/// It decides what is worth serving; it need not be sure, for what may go wrong is limited by the ``ErrorAccount``.
struct RegionEvidence: Hashable, Sendable, Codable {
    /// Matches seen, region by region; the best scores first.
    private(set) var seen: [Double]
    /// Matches checked, and how many of them were wrong.
    private(set) var checked: [Double]
    private(set) var wrong: [Double]

    /// After so many checks, the first has lost two thirds of its say: the world changes.
    static let memory = 400.0

    init(regions: Int) {
        seen = [Double](repeating: 0, count: regions)
        checked = seen
        wrong = seen
    }

    var regions: Int { seen.count }
    /// Whether its parts fit together.
    var isSound: Bool {
        checked.count == regions && wrong.count == regions
            && (seen + checked + wrong).allSatisfy { $0.isFinite && $0 >= 0 }
    }
    var checks: Double { checked.reduce(0, +) }

    mutating func see(_ region: Int) { seen[region] += 1 }

    mutating func learn(_ region: Int, wasWrong: Bool) {
        checked[region] += 1
        if wasWrong { wrong[region] += 1 }
    }

    /// Lets older checks count for less.
    mutating func fade() {
        let rest = 1 - 1 / Self.memory
        for region in 0..<regions {
            checked[region] *= rest
            wrong[region] *= rest
        }
    }

    func scaled(by factor: Double) -> RegionEvidence {
        var copy = self
        for region in 0..<regions {
            copy.seen[region] *= factor
            copy.checked[region] *= factor
            copy.wrong[region] *= factor
        }
        return copy
    }

    static func + (one: RegionEvidence, other: RegionEvidence) -> RegionEvidence {
        guard one.regions == other.regions else { return one }
        var sum = one
        for region in 0..<one.regions {
            sum.seen[region] += other.seen[region]
            sum.checked[region] += other.checked[region]
            sum.wrong[region] += other.wrong[region]
        }
        return sum
    }

    /// What is left if what another holds is taken out.
    func without(_ other: RegionEvidence) -> RegionEvidence {
        guard regions == other.regions else { return self }
        var rest = self
        for region in 0..<regions {
            rest.seen[region] = max(0, seen[region] - other.seen[region])
            rest.checked[region] = max(0, checked[region] - other.checked[region])
            rest.wrong[region] = min(rest.checked[region], max(0, wrong[region] - other.wrong[region]))
        }
        return rest
    }

    /// The expected wrong share of each region: what was believed before, moved as a whole by all checks together, and then
    /// region by region by its own.
    /// - Parameters:
    ///   - believed: the wrong share of each region before anything was checked.
    ///   - strength: how many wrong ones the belief counts for as a whole.
    ///   - weight: how many checks it counts for in each region.
    func wrongShares(_ believed: [Double], strength: Double, weight: Double) -> [Double] {
        var expected = 0.0
        for region in 0..<regions { expected += checked[region] * believed[region] }
        let shift = (strength + wrong.reduce(0, +)) / (strength + expected)
        return (0..<regions).map { region in
            let share = min(1, believed[region] * shift)
            return (weight * share + wrong[region]) / (weight + checked[region])
        }
    }
}
