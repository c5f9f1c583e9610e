/// Searches a text for a regular expression, from its end to its beginning.
///
/// Read backwards, a look-ahead is no look into the unknown: when the search comes to a place, all that stands behind it
/// has been read, and a thread that follows the look-ahead's own instructions has arrived or it has not. So all parts of
/// the program run side by side, inner look-aheads before outer ones, and each instruction is visited at most once at each
/// place, plus once for the character that leads there.
struct RegularExpressionSearch {
    private let program: RegularExpressionProgram
    /// Instructions that wait for a character; in the order of the parts.
    private var threads: [Int] = []
    private var arriving: [Int] = []
    /// The place at which an instruction was last visited.
    private var visits: [Int]
    private var pending: [Int] = []
    /// Whether each part matches from the current place.
    private var holds: [Bool]

    init(_ program: RegularExpressionProgram) {
        self.program = program
        visits = Array(repeating: 0, count: program.instructions.count)
        holds = Array(repeating: false, count: program.entries.count)
    }

    /// Whether the expression matches anywhere in `text`.
    mutating func matches(_ text: String, within budget: inout StepBudget) throws(StepBudget.Exceeded) -> Bool {
        // Making room is work too.
        budget.spend(visits.count >> 5)
        var characters = text.unicodeScalars.reversed().makeIterator()
        var place = Place(number: 1)
        while true {
            place.before = characters.next()?.value
            let isMatch = arrive(at: place, within: &budget)
            try budget.check()
            if isMatch { return true }
            guard let character = place.before else { return false }
            place = Place(number: place.number + 1, after: character)
        }
    }

    /// A place between two characters.
    private struct Place {
        /// From 1, counted from the end.
        var number: Int
        var before: UInt32?
        var after: UInt32?

        var isWordBoundary: Bool {
            (before.map(ScalarSet.word.contains) ?? false) != (after.map(ScalarSet.word.contains) ?? false)
        }
    }

    /// Takes all threads over the character behind the place; tells whether the whole expression matches from here.
    private mutating func arrive(at place: Place, within budget: inout StepBudget) -> Bool {
        arriving.removeAll(keepingCapacity: true)
        var index = 0
        let last = program.entries.count - 1
        for part in 0...last {
            let end = part == last ? program.instructions.count : program.entries[part + 1]
            holds[part] = false
            while index < threads.count, threads[index] < end {
                let instruction = threads[index]
                index += 1
                if takes(place.after, instruction, &budget) {
                    follow(instruction + 1, of: part, at: place, within: &budget)
                }
            }
            follow(program.entries[part], of: part, at: place, within: &budget)
        }
        budget.spend(index + 1)
        swap(&threads, &arriving)
        return holds[last]
    }

    @inline(__always)
    private func takes(_ character: UInt32?, _ instruction: Int, _ budget: inout StepBudget) -> Bool {
        guard let character else { return false }
        switch program.instructions[instruction] {
        case .scalar(let wanted): return wanted == character
        case .set(let set):
            if character >= 128 { budget.spend(program.sets[set].steps) }
            return program.sets[set].contains(character)
        default: return false
        }
    }

    /// Visits every instruction that can be reached without taking a character.
    private mutating func follow(_ first: Int, of part: Int, at place: Place, within budget: inout StepBudget) {
        pending.append(first)
        while let instruction = pending.popLast() {
            guard visits[instruction] != place.number else { continue }
            visits[instruction] = place.number
            budget.spend(1)
            switch program.instructions[instruction] {
            case .match: holds[part] = true
            case .scalar, .set: arriving.append(instruction)
            case .jump(let target): pending.append(target)
            case .split(let other):
                pending.append(other)
                pending.append(instruction + 1)
            case .assertion(let assertion):
                if isTrue(assertion, at: place) { pending.append(instruction + 1) }
            }
        }
    }

    private func isTrue(_ assertion: RegularExpressionNode.Assertion, at place: Place) -> Bool {
        switch assertion {
        case .start: place.before == nil
        case .end: place.after == nil
        case .wordBoundary(let isNegated): place.isWordBoundary != isNegated
        case .look(let part, let isNegated): holds[part] != isNegated
        }
    }
}
