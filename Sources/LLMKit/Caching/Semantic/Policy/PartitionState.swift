import CPlatform
import PortableFoundation

/// What an adaptive policy knows of one partition, or of all together.
struct PartitionState: Sendable {
    /// The key under which all partitions together stand.
    static let joint = UInt64.max

    /// What outlives the process, and adds up over processes.
    struct Lasting: Hashable, Sendable, Codable {
        var evidence: RegionEvidence
        var account: ErrorAccount

        init(regions: Int, _ terms: ErrorAccount.Terms) {
            evidence = RegionEvidence(regions: regions)
            account = ErrorAccount(terms)
        }

        init?(_ bytes: [UInt8]) {
            guard let read = try? JSONDecoder().decode(Lasting.self, from: Data(bytes)), read.evidence.isSound,
                read.account.isSound
            else { return nil }
            self = read
        }

        var bytes: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

        static func + (one: Lasting, other: Lasting) -> Lasting {
            var sum = one
            sum.evidence = one.evidence + other.evidence
            sum.account = one.account + other.account
            return sum
        }
    }

    /// What a file holds of it, as far as is known.
    var kept: Lasting
    /// What was taken for the file, but is not known to be in it.
    var taken: Lasting
    /// What came since.
    var fresh: Lasting
    /// What is believed by now: older checks count for less.
    var recent: RegionEvidence
    /// The sum of the three accounts.
    var account: ErrorAccount
    /// The widest region worth serving, -1 for none; `nil` if that has to be found anew.
    var open: Int?
    var lastUse: UInt64 = 0
    /// Checks whose verdicts are still out.
    var pending = 0
    var isChanged = false

    init(regions: Int, _ terms: ErrorAccount.Terms) {
        kept = Lasting(regions: regions, terms)
        (taken, fresh) = (kept, kept)
        recent = kept.evidence
        account = kept.account
    }

    /// As nothing yet.
    var empty: Lasting {
        var empty = kept
        empty.evidence = RegionEvidence(regions: kept.evidence.regions)
        empty.account = ErrorAccount(costs: kept.account.costs.count)
        return empty
    }

    mutating func change(_ work: (inout ErrorAccount) -> Void) {
        work(&account)
        work(&fresh.account)
        isChanged = true
    }
}
