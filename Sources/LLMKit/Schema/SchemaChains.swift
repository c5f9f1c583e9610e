/// The ways on which subschemas lead to each other without a step into the value, such as `$ref` to `$ref`.
struct SchemaChains {
    /// For each node, those that look at the same value.
    private let edges: [[Int]]

    /// Longest chain of subschemas that look at one value.
    private static let lengthLimit = 32

    init(_ nodes: [[SchemaRule]]) { edges = nodes.map { $0.flatMap(\.sameValueNodes) } }

    /// A node on a circle, in which a value would be checked for ever, or at the end of a chain that is too long.
    ///
    /// Takes nodes away that nobody refers to until none is left (Kahn, "Topological Sorting of Large Networks", CACM 1962).
    var problem: (node: Int, reason: String)? {
        var incoming = Array(repeating: 0, count: edges.count)
        for targets in edges {
            for target in targets { incoming[target] += 1 }
        }
        var depth = Array(repeating: 1, count: edges.count)
        var ready = edges.indices.filter { incoming[$0] == 0 }
        while let index = ready.popLast() {
            for target in edges[index] {
                depth[target] = max(depth[target], depth[index] + 1)
                incoming[target] -= 1
                if incoming[target] == 0 { ready.append(target) }
            }
        }
        if let node = incoming.firstIndex(where: { $0 > 0 }) {
            return (node, "refers to itself without stepping into the value")
        }
        return depth.firstIndex { $0 > Self.lengthLimit }
            .map { ($0, "is reached by more than \(Self.lengthLimit) references in a row") }
    }
}
