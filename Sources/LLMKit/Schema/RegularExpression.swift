/// A regular expression in the dialect of JSON Schema (ECMA-262), searched in time linear in the text.
///
/// All ways through the expression are followed at once (Thompson, "Regular Expression Search Algorithm", CACM 1968), so
/// no pattern can make a hostile text take exponential time. The price: no backreferences and no look-behind.
struct RegularExpression: Sendable {
    enum Instruction: Sendable {
        case match
        case scalar(UInt32)
        case set(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case wordBoundary(isNegated: Bool)
        /// A look-ahead: whether another program matches from here.
        case look(RegularExpression, isNegated: Bool)
    }

    let program: [Instruction]

    /// - Throws: ``LLMError`` with code `invalidConfiguration` that says what is wrong with the pattern, and where.
    init(_ pattern: String) throws(LLMError) {
        do throws(RegularExpressionParser.Failure) {
            var parser = RegularExpressionParser(pattern)
            program = try RegularExpression.compile(try parser.parse())
        } catch {
            throw LLMError(
                .invalidConfiguration,
                "the pattern \(pattern.debugDescription) is invalid: \(error.message)"
            )
        }
    }

    private init(program: [Instruction]) { self.program = program }

    /// Whether the expression matches anywhere in `text`.
    func matches(_ text: String) -> Bool {
        run(on: text.unicodeScalars.map(\.value), from: 0, isAnchored: false)
    }

    private func run(on text: [UInt32], from first: Int, isAnchored: Bool) -> Bool {
        var current = ThreadList(capacity: program.count)
        var next = ThreadList(capacity: program.count)
        for position in first...text.count {
            if !isAnchored || position == first {
                if follow(0, at: position, in: text, into: &current) { return true }
            }
            guard position < text.count, isAnchored ? !current.isEmpty : true else { return false }
            let scalar = text[position]
            for place in current.places {
                let isStep =
                    switch program[place] {
                    case .scalar(let wanted): wanted == scalar
                    case .set(let set): set.contains(scalar)
                    default: false
                    }
                if isStep, follow(place + 1, at: position + 1, in: text, into: &next) { return true }
            }
            swap(&current, &next)
            next.removeAll()
        }
        return false
    }

    /// Adds every place that can be reached without taking a character; `true` if that is the end of the program.
    private func follow(_ place: Int, at position: Int, in text: [UInt32], into list: inout ThreadList) -> Bool {
        var pending = [place]
        while let place = pending.popLast() {
            guard list.insert(place) else { continue }
            switch program[place] {
            case .match: return true
            case .scalar, .set: break
            case .jump(let target): pending.append(target)
            case .split(let a, let b): pending += [a, b]
            case .start: if position == 0 { pending.append(place + 1) }
            case .end: if position == text.count { pending.append(place + 1) }
            case .wordBoundary(let isNegated):
                let before = position > 0 && ScalarSet.word.contains(text[position - 1])
                let after = position < text.count && ScalarSet.word.contains(text[position])
                if (before != after) != isNegated { pending.append(place + 1) }
            case .look(let inner, let isNegated):
                if inner.run(on: text, from: position, isAnchored: true) != isNegated { pending.append(place + 1) }
            }
        }
        return false
    }
}

/// The places of a program at which the search stands, each once.
private struct ThreadList {
    private(set) var places: [Int] = []
    private var isPresent: [Bool]

    init(capacity: Int) { isPresent = Array(repeating: false, count: capacity) }

    var isEmpty: Bool { places.isEmpty }

    mutating func insert(_ place: Int) -> Bool {
        guard !isPresent[place] else { return false }
        isPresent[place] = true
        places.append(place)
        return true
    }

    mutating func removeAll() {
        for place in places { isPresent[place] = false }
        places.removeAll(keepingCapacity: true)
    }
}

extension RegularExpression {
    /// The longest program; counted repetitions are written out, so `(a{1000}){1000}` would be a million long.
    private static let sizeLimit = 10_000

    private static func compile(
        _ node: RegularExpressionParser.Node
    ) throws(RegularExpressionParser.Failure) -> [Instruction] {
        var program: [Instruction] = []
        try emit(node, into: &program)
        program.append(.match)
        return program
    }

    private static func emit(
        _ node: RegularExpressionParser.Node,
        into program: inout [Instruction]
    ) throws(RegularExpressionParser.Failure) {
        guard program.count < sizeLimit else {
            throw .init(message: "it is too large when its repetitions are written out")
        }
        switch node {
        case .empty: break
        case .scalar(let scalar): program.append(.scalar(scalar))
        case .set(let set): program.append(.set(set))
        case .start: program.append(.start)
        case .end: program.append(.end)
        case .wordBoundary(let isNegated): program.append(.wordBoundary(isNegated: isNegated))
        case .look(let inner, let isNegated):
            program.append(.look(RegularExpression(program: try compile(inner)), isNegated: isNegated))
        case .sequence(let nodes): for node in nodes { try emit(node, into: &program) }
        case .either(let a, let b):
            let split = program.count
            program.append(.jump(0))
            try emit(a, into: &program)
            let jump = program.count
            program.append(.jump(0))
            program[split] = .split(split + 1, jump + 1)
            try emit(b, into: &program)
            program[jump] = .jump(program.count)
        case .repeated(let node, let least, let most):
            for _ in 0..<least {
                let size = program.count
                try emit(node, into: &program)
                // Nothing repeated is nothing, however often.
                if program.count == size { return }
            }
            guard let most else {
                let split = program.count
                program.append(.jump(0))
                try emit(node, into: &program)
                program.append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return
            }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(program.count)
                program.append(.jump(0))
                try emit(node, into: &program)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }
}
