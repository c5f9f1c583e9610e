/// A regular expression as instructions, for ``RegularExpressionSearch``.
///
/// There is one part for each look-ahead and one, the last, for the expression itself. A look-ahead that is repeated is
/// written out once all the same: whether it holds at a place does not depend on who asks. All parts are written
/// backwards, because the search goes from the end of the text to its beginning.
struct RegularExpressionProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes this character.
        case scalar(UInt32)
        /// Takes a character of this set.
        case set(Int)
        /// Goes on behind and at another place.
        case split(Int)
        case jump(Int)
        /// Goes on behind if the condition holds.
        case assertion(RegularExpressionNode.Assertion)
        /// The end of a part.
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    /// Where the parts begin.
    private(set) var entries: [Int] = []

    /// The longest program; counted repetitions are written out, so `(a{1000}){1000}` would be a million long.
    static let sizeLimit = 10_000

    init(_ expression: ParsedRegularExpression) throws(RegularExpressionParser.Failure) {
        for part in expression.looks + [expression.root] {
            entries.append(instructions.count)
            try emit(part)
            try append(.match)
        }
    }

    private mutating func append(_ instruction: Instruction) throws(RegularExpressionParser.Failure) {
        guard instructions.count < Self.sizeLimit else {
            throw .init(
                message: "it has more than \(Self.sizeLimit) instructions when its repetitions are written out"
            )
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: RegularExpressionNode) throws(RegularExpressionParser.Failure) {
        switch node {
        case .scalar(let scalar): try append(.scalar(scalar))
        case .set(let set):
            try append(.set(sets.count))
            sets.append(set)
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes.reversed() { try emit(node) }
        case .alternatives(let branches):
            var jumps: [Int] = []
            for branch in branches.dropLast() {
                let split = instructions.count
                try append(.split(0))
                try emit(branch)
                jumps.append(instructions.count)
                try append(.jump(0))
                instructions[split] = .split(instructions.count)
            }
            if let last = branches.last { try emit(last) }
            for jump in jumps { instructions[jump] = .jump(instructions.count) }
        case .repeated(let node, let least, let most):
            for _ in 0..<least { try emit(node) }
            guard let most else {
                let split = instructions.count
                try append(.split(0))
                try emit(node)
                try append(.jump(split))
                instructions[split] = .split(instructions.count)
                return
            }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(instructions.count)
                try append(.split(0))
                try emit(node)
            }
            for split in splits { instructions[split] = .split(instructions.count) }
        }
    }
}
