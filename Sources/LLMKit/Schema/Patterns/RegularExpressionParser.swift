/// Reads a pattern of ECMA-262 into a tree.
struct RegularExpressionParser {
    struct Failure: Error {
        var message: String
    }

    private typealias Node = RegularExpressionNode

    private var reader: PatternReader
    private var looks: [RegularExpressionNode] = []
    private var depth = 0

    private static let depthLimit = 100
    private static let repeatLimit = 10_000

    init(_ pattern: String) { reader = PatternReader(pattern) }

    mutating func parse() throws(Failure) -> ParsedRegularExpression {
        let root = try alternatives()
        guard reader.peek == nil else { throw reader.failure("a closing parenthesis without its opening one") }
        return ParsedRegularExpression(root: root, looks: looks)
    }

    private mutating func alternatives() throws(Failure) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw reader.failure("groups nest more than \(Self.depthLimit) deep") }
        var branches = [try sequence()]
        while reader.take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(Failure) -> Node {
        var nodes: [Node] = []
        while let scalar = reader.peek, scalar != "|", scalar != ")" { nodes.append(try quantified(try term())) }
        return .joining(nodes)
    }

    private mutating func term() throws(Failure) -> Node {
        switch reader.peek {
        case "(": return try group()
        case "\\": return try escape()
        case let scalar? where "*+?{".unicodeScalars.contains(scalar):
            throw reader.failure("'\(scalar)' has nothing to repeat; write '\\\(scalar)' for the character")
        default: break
        }
        switch reader.next() {
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case "[": return .set(try reader.characterClass())
        case ".": return .set(.point)
        case let scalar?: return .scalar(scalar.value)
        case nil: return .empty
        }
    }

    private mutating func group() throws(Failure) -> Node {
        if reader.take("(?=") { return try look(isNegated: false) }
        if reader.take("(?!") { return try look(isNegated: true) }
        if reader.take("(?<=") || reader.take("(?<!") { throw reader.failure("look-behind is not supported") }
        if reader.take("(?<") {
            _ = reader.take(upTo: ">", ")")
            guard reader.take(">") else { throw reader.failure("a group's name without its end") }
        } else if !reader.take("(?:") {
            guard !reader.take("(?") else { throw reader.failure("flags and other special groups are not supported") }
            _ = reader.next()
        }
        let node = try restOfGroup()
        // Wrapped, because a group may be repeated even where what is in it may not.
        if case .assertion = node { return .sequence([node]) }
        return node
    }

    private mutating func restOfGroup() throws(Failure) -> Node {
        let node = try alternatives()
        guard reader.take(")") else { throw reader.failure("a group without its closing parenthesis") }
        return node
    }

    /// The look-ahead is numbered when it ends, hence after those inside it.
    private mutating func look(isNegated: Bool) throws(Failure) -> Node {
        looks.append(try restOfGroup())
        return .assertion(.look(looks.count - 1, isNegated: isNegated))
    }

    private mutating func escape() throws(Failure) -> Node {
        _ = reader.next()
        switch reader.peek {
        case nil: throw reader.failure("a backslash at the end")
        case "b", "B": return .assertion(.wordBoundary(isNegated: reader.next() == "B"))
        case "k", "1", "2", "3", "4", "5", "6", "7", "8", "9":
            throw reader.failure("backreferences are not supported")
        default: break
        }
        if let set = try reader.classEscape() { return .set(set) }
        return .scalar(try reader.characterEscape())
    }

    private mutating func quantified(_ node: Node) throws(Failure) -> Node {
        let least: Int
        var most: Int?
        if reader.take("*") {
            least = 0
        } else if reader.take("+") {
            least = 1
        } else if reader.take("?") {
            (least, most) = (0, 1)
        } else if reader.take("{") {
            (least, most) = try counts()
        } else {
            return node
        }
        if case .assertion = node { throw reader.failure("an assertion cannot be repeated") }
        // Lazy or greedy is all the same to a search that only asks whether there is a match.
        _ = reader.take("?")
        return node.times(least, most)
    }

    /// Reads `2}`, `2,}` or `2,5}`.
    private mutating func counts() throws(Failure) -> (Int, Int?) {
        guard let least = reader.number() else {
            throw reader.failure("'{' must be followed by a count; write '\\{' for the character")
        }
        let most = reader.take(",") ? reader.number() : least
        guard reader.take("}") else { throw reader.failure("a count without its closing brace") }
        guard max(least, most ?? 0) <= Self.repeatLimit else {
            throw reader.failure("a count above \(Self.repeatLimit)")
        }
        guard least <= most ?? least else {
            throw reader.failure("a count whose lower bound is above its upper one")
        }
        return (least, most)
    }
}
