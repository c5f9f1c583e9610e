/// A pattern as a tree.
///
/// The functions that build it leave out what matches nothing but the empty text everywhere, so that what is left to be
/// compiled is as large as its program.
indirect enum RegularExpressionNode: Sendable {
    case scalar(UInt32)
    case set(ScalarSet)
    case assertion(Assertion)
    /// One after the other; matches the empty text if there are none.
    case sequence([RegularExpressionNode])
    case alternatives([RegularExpressionNode])
    case repeated(RegularExpressionNode, least: Int, most: Int?)

    /// A condition on a place between characters.
    enum Assertion: Sendable {
        case start
        case end
        case wordBoundary(isNegated: Bool)
        /// Whether another expression, by its number, matches from here.
        case look(Int, isNegated: Bool)
    }

    static let empty = RegularExpressionNode.sequence([])

    var isEmpty: Bool { if case .sequence(let nodes) = self { nodes.isEmpty } else { false } }

    static func joining(_ nodes: [RegularExpressionNode]) -> RegularExpressionNode {
        let parts = nodes.filter { !$0.isEmpty }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    func times(_ least: Int, _ most: Int?) -> RegularExpressionNode {
        // Nothing repeated is nothing, however often.
        if isEmpty || most == 0 { return .empty }
        return least == 1 && most == 1 ? self : .repeated(self, least: least, most: most)
    }
}

/// A pattern that was read: its tree, and those of its look-aheads.
struct ParsedRegularExpression {
    var root: RegularExpressionNode
    /// The look-aheads; an inner one comes before the one that it is part of.
    var looks: [RegularExpressionNode]
}
