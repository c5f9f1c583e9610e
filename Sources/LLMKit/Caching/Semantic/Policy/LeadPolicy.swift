/// Serves what the neighbours' vote gives a lead: a stand-in for a policy while one is learned.
package struct LeadPolicy: HitPolicy {
    private let cut: Double

    package init(cut: Double) { self.cut = cut }

    package var neighbours: Int { Calibration.mostNeighbours }
    package var floor: Double { 0 }
    package var needsMutual: Bool { true }

    package func decide(_ found: Neighbourhood) -> HitDecision {
        guard let match = CalibratedMatch(found, neighbours: neighbours) else { return .ask() }
        guard match.lead >= cut, !match.isBarred else {
            return .ask(match.neighbour, score: match.lead, threshold: cut)
        }
        return .serve(match.neighbour, score: match.lead, threshold: cut)
    }
}
