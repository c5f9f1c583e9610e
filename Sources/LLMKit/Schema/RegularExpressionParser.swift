/// Reads a pattern of ECMA-262 into a tree.
struct RegularExpressionParser {
    struct Failure: Error {
        var message: String
    }

    indirect enum Node {
        case empty
        case scalar(UInt32)
        case set(ScalarSet)
        case start
        case end
        case wordBoundary(isNegated: Bool)
        case sequence([Node])
        case either(Node, Node)
        case repeated(Node, least: Int, most: Int?)
        case look(Node, isNegated: Bool)
    }

    private let pattern: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    private static let depthLimit = 100
    private static let repeatLimit = 10_000

    init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

    mutating func parse() throws(Failure) -> Node {
        let node = try alternatives()
        guard index == pattern.count else { throw failure("a closing parenthesis without its opening one") }
        return node
    }

    private var peek: Unicode.Scalar? { index < pattern.count ? pattern[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    private mutating func take(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard pattern[index...].starts(with: scalars) else { return false }
        index += scalars.count
        return true
    }

    private func failure(_ message: String) -> Failure { Failure(message: "\(message), at character \(index + 1)") }

    private mutating func alternatives() throws(Failure) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw failure("groups nest too deep") }
        var branches = [try sequence()]
        while take("|" as Unicode.Scalar) { branches.append(try sequence()) }
        // Split in halves, so that a thousand alternatives are ten levels and not a thousand.
        while branches.count > 1 {
            branches = stride(from: 0, to: branches.count, by: 2).map { first in
                first + 1 < branches.count ? .either(branches[first], branches[first + 1]) : branches[first]
            }
        }
        return branches.first ?? .empty
    }

    private mutating func sequence() throws(Failure) -> Node {
        var nodes: [Node] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            let (node, isAssertion) = try term()
            nodes.append(try quantified(node, isAssertion: isAssertion))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func term() throws(Failure) -> (Node, isAssertion: Bool) {
        let scalar = pattern[index]
        switch scalar {
        case "*", "+", "?", "{":
            throw failure("'\(scalar)' has nothing to repeat; write '\\\(scalar)' for the character")
        case "^", "$":
            index += 1
            return (scalar == "^" ? .start : .end, true)
        case "(": return try group()
        case "[":
            index += 1
            return (.set(try characterClass()), false)
        case ".":
            index += 1
            return (.set(.point), false)
        case "\\": return try escape()
        default:
            index += 1
            return (.scalar(scalar.value), false)
        }
    }

    private mutating func group() throws(Failure) -> (Node, isAssertion: Bool) {
        var look: Bool?
        if take("(?=") {
            look = false
        } else if take("(?!") {
            look = true
        } else if take("(?<=") || take("(?<!") {
            throw failure("look-behind is not supported")
        } else if take("(?<") {
            while let scalar = peek, scalar != ">", scalar != ")" { index += 1 }
            guard take(">" as Unicode.Scalar) else { throw failure("a group's name without its end") }
        } else if !take("(?:") {
            guard !take("(?") else { throw failure("flags and other special groups are not supported") }
            index += 1
        }
        let node = try alternatives()
        guard take(")" as Unicode.Scalar) else { throw failure("a group without its closing parenthesis") }
        if let look { return (.look(node, isNegated: look), true) }
        return (node, false)
    }

    private mutating func quantified(_ node: Node, isAssertion: Bool) throws(Failure) -> Node {
        let bounds: (Int, Int?)
        switch peek {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{":
            index += 1
            bounds = try counts()
            index -= 1
        default: return node
        }
        index += 1
        guard !isAssertion else { throw failure("an assertion cannot be repeated") }
        // Lazy or greedy is all the same to a search that only asks whether there is a match.
        _ = take("?" as Unicode.Scalar)
        return .repeated(node, least: bounds.0, most: bounds.1)
    }

    /// Reads `2}`, `2,}` or `2,5}`.
    private mutating func counts() throws(Failure) -> (Int, Int?) {
        guard let least = number() else {
            throw failure("'{' must be followed by a count; write '\\{' for the character")
        }
        var most: Int? = least
        if take("," as Unicode.Scalar) { most = number() }
        guard take("}" as Unicode.Scalar) else { throw failure("a count without its closing brace") }
        guard max(least, most ?? 0) <= Self.repeatLimit else { throw failure("a count above \(Self.repeatLimit)") }
        guard least <= most ?? least else { throw failure("a count whose lower bound is above its upper one") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = peek, ScalarSet.digit.contains(scalar.value) {
            digits.unicodeScalars.append(scalar)
            index += 1
        }
        return Int(digits) ?? (digits.isEmpty ? nil : .max)
    }

    private mutating func escape() throws(Failure) -> (Node, isAssertion: Bool) {
        index += 1
        guard let scalar = peek else { throw failure("a backslash at the end") }
        if scalar == "b" || scalar == "B" {
            index += 1
            return (.wordBoundary(isNegated: scalar == "B"), true)
        }
        if scalar == "k" || (scalar >= "1" && scalar <= "9") { throw failure("backreferences are not supported") }
        if let set = try classEscape() { return (.set(set), false) }
        return (.scalar(try characterEscape()), false)
    }

    /// `\d`, `\w`, `\s`, their opposites, and `\p{…}`; `nil` if it is none of them.
    private mutating func classEscape() throws(Failure) -> ScalarSet? {
        let set: ScalarSet
        switch peek {
        case "d": set = .digit
        case "D": set = .digit.negated
        case "w": set = .word
        case "W": set = .word.negated
        case "s": set = .space
        case "S": set = .space.negated
        case "p", "P":
            let isNegated = peek == "P"
            index += 1
            guard take("{" as Unicode.Scalar) else { throw failure("\\p without its braces") }
            var name = ""
            while let scalar = peek, scalar != "}" {
                name.unicodeScalars.append(scalar)
                index += 1
            }
            guard take("}" as Unicode.Scalar) else { throw failure("\\p without its closing brace") }
            guard let property = ScalarSet.property(name) else {
                throw failure("the Unicode property '\(name)' is not supported")
            }
            return isNegated ? property.negated : property
        default: return nil
        }
        index += 1
        return set
    }

    /// The character that stands behind a backslash.
    private mutating func characterEscape() throws(Failure) -> UInt32 {
        guard let scalar = peek else { throw failure("a backslash at the end") }
        index += 1
        switch scalar {
        case "t": return 0x09
        case "n": return 0x0A
        case "v": return 0x0B
        case "f": return 0x0C
        case "r": return 0x0D
        case "0": return 0
        case "x": return try hex(2)
        case "u":
            if take("{" as Unicode.Scalar) {
                var count = 0
                while index + count < pattern.count, pattern[index + count] != "}" { count += 1 }
                let value = try hex(min(count, 7))
                guard take("}" as Unicode.Scalar) else { throw failure("\\u{ without its closing brace") }
                return value
            }
            let unit = try hex(4)
            guard unit >= 0xD800, unit <= 0xDBFF, take("\\u") else { return unit }
            let low = try hex(4)
            guard low >= 0xDC00, low <= 0xDFFF else { throw failure("half of a surrogate pair") }
            return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
        case "c":
            guard let letter = peek, letter.properties.isAlphabetic, letter.isASCII else {
                throw failure("\\c without its letter")
            }
            index += 1
            return letter.value & 0x1F
        default:
            guard !(scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)) else {
                index -= 1
                throw failure("the escape '\\\(scalar)' is unknown")
            }
            return scalar.value
        }
    }

    private mutating func hex(_ count: Int) throws(Failure) -> UInt32 {
        let digits = pattern[index...].prefix(count)
        let text = String(String.UnicodeScalarView(digits))
        guard count > 0, digits.count == count, let value = UInt32(text, radix: 16), !text.hasPrefix("+") else {
            throw failure("an escape that is not \(count) hex digits")
        }
        index += count
        return value
    }

    private mutating func characterClass() throws(Failure) -> ScalarSet {
        var set = ScalarSet()
        set.isNegated = take("^" as Unicode.Scalar)
        while !take("]" as Unicode.Scalar) {
            guard let low = try classAtom(into: &set) else { continue }
            guard peek == "-", index + 1 < pattern.count, pattern[index + 1] != "]" else {
                set.ranges.append(low...low)
                continue
            }
            index += 1
            guard let high = try classAtom(into: &set) else { throw failure("a range that ends in a class") }
            guard low <= high else { throw failure("a range whose ends are in the wrong order") }
            set.ranges.append(low...high)
        }
        return set
    }

    /// One character of a class; a class inside it, such as `\d`, goes into `set` and gives `nil`.
    private mutating func classAtom(into set: inout ScalarSet) throws(Failure) -> UInt32? {
        guard let scalar = peek else { throw failure("a class without its closing bracket") }
        index += 1
        guard scalar == "\\" else { return scalar.value }
        if let inner = try classEscape() {
            set.kinds.append(.set(inner))
            return nil
        }
        if take("b" as Unicode.Scalar) { return 0x08 }
        if take("-" as Unicode.Scalar) { return 0x2D }
        return try characterEscape()
    }
}
