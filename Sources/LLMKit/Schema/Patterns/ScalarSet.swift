/// The characters that a class such as `[a-z\d]` stands for.
struct ScalarSet: Sendable {
    /// Sorted and apart, once the set is finished.
    private var ranges: [ClosedRange<UInt32>] = []
    private var properties: [UnicodeProperty] = []
    private var isNegated = false
    /// Which of the first 128 scalars are in it, a bit for each: most characters of most answers are among them.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    /// - Parameters:
    ///   - ranges: in any order; they may overlap.
    ///   - properties: what else is in the set.
    ///   - isNegated: whether the set is everything but that.
    init(_ ranges: [ClosedRange<UInt32>], properties: [UnicodeProperty] = [], isNegated: Bool = false) {
        self.isNegated = isNegated
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
        for property in properties where !self.properties.contains(property) { self.properties.append(property) }
        for scalar: UInt32 in 0..<128 where search(scalar) {
            if scalar < 64 { ascii.low |= 1 << UInt64(scalar) } else { ascii.high |= 1 << UInt64(scalar - 64) }
        }
    }

    /// Takes as long as the logarithm of the number of ranges.
    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return ascii.low >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return ascii.high >> UInt64(scalar - 64) & 1 == 1 }
        return search(scalar)
    }

    /// What it takes, in steps of a ``StepBudget``, to look up a character beyond ASCII: properties are slow.
    var steps: Int { 4 * properties.count }

    private func search(_ scalar: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        let isIn = low < ranges.count && ranges[low].contains(scalar) || properties.contains { $0.holds(for: scalar) }
        return isIn != isNegated
    }

    static let digit = ScalarSet([0x30...0x39])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// White space and line terminators of ECMA-262.
    static let space = ScalarSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    /// What a point stands for: everything but line terminators.
    static let point = ScalarSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)
}

extension ScalarSet {
    /// What a class is made of while it is read.
    struct Builder {
        private var ranges: [ClosedRange<UInt32>] = []
        private var properties: [UnicodeProperty] = []
        var isNegated = false

        mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

        mutating func insert(_ property: UnicodeProperty) {
            // There are few, and a class may name one of them a million times.
            if !properties.contains(property) { properties.append(property) }
        }

        /// Inserts a set that has no properties.
        mutating func insert(_ set: ScalarSet) {
            guard set.isNegated else {
                ranges += set.ranges
                return
            }
            var next: UInt32 = 0
            for range in set.ranges {
                if range.lowerBound > next { ranges.append(next...(range.lowerBound - 1)) }
                next = range.upperBound + 1
            }
            ranges.append(next...0x10FFFF)
        }

        var set: ScalarSet { ScalarSet(ranges, properties: properties, isNegated: isNegated) }
    }

    var negated: ScalarSet { ScalarSet(ranges, properties: properties, isNegated: !isNegated) }
}
