/// A decimal number, exactly as it was written: no rounding to binary, no limit on digits.
///
/// JSON knows no floating point, so `1`, `1.0` and `10e-1` are one number, and 2^53 + 1 is not 2^53.
package struct JSONNumber: Hashable, Sendable {
    let isNegative: Bool
    /// Significant digits, 0 to 9, without zeros at either end; empty for zero.
    let digits: [UInt8]
    /// The value is `digits · 10^exponent`.
    let exponent: Int

    static let zero = JSONNumber(isNegative: false, digits: [], exponent: 0)

    private init(isNegative: Bool, digits: [UInt8], exponent: Int) {
        self.isNegative = isNegative
        self.digits = digits
        self.exponent = exponent
    }

    /// Exponents beyond this are refused: nobody means such numbers.
    static let exponentLimit = 1_000_000

    /// Reads a number in JSON's grammar, leading zeros and a leading plus allowed; `nil` if it is none.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        let sign = rest.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        rest = rest[whole.endIndex...]
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !fraction.isEmpty else { return nil }
            rest = rest[fraction.endIndex...]
        }
        guard !whole.isEmpty else { return nil }
        var exponent = 0
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            guard let written = Int(Substring(rest.dropFirst())) else { return nil }
            exponent = written
        } else if !rest.isEmpty {
            return nil
        }
        guard abs(exponent.clamped) <= Self.exponentLimit else { return nil }
        var digits = (Array(whole) + fraction).map { $0 - 0x30 }
        exponent -= fraction.count
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        digits.removeFirst(digits.prefix { $0 == 0 }.count)
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        isNegative = sign == UInt8(ascii: "-") && !digits.isEmpty
    }

    var isZero: Bool { digits.isEmpty }
    var isInteger: Bool { exponent >= 0 }

    /// The value as an `Int`, if it is one.
    package var int: Int? {
        if isZero { return 0 }
        guard isInteger, digits.count + exponent <= 19 else { return nil }
        return Int(sign + digits.map(String.init).joined() + String(repeating: "0", count: exponent))
    }

    /// The nearest floating-point number.
    var double: Double { Double(description) ?? (isNegative ? -.infinity : .infinity) }

    private var sign: String { isNegative ? "-" : "" }

    /// Whether this is a whole multiple of `divisor`, which must have at most 18 digits.
    ///
    /// With `a = d_a·10^e_a` and `b = d_b·10^e_b`, where neither `d` ends in a zero: `a/b` can be whole only if
    /// `e_a ≥ e_b`, and then is if `d_b` divides `d_a·10^(e_a−e_b)`.
    func isMultiple(of divisor: JSONNumber) -> Bool {
        if isZero { return true }
        guard let modulus = divisor.digitsValue, modulus > 0, exponent >= divisor.exponent else { return false }
        var remainder: UInt64 = 0
        for digit in digits { remainder = UInt64((UInt128(remainder) * 10 + UInt128(digit)) % UInt128(modulus)) }
        for _ in 0..<(exponent - divisor.exponent) where remainder != 0 {
            remainder = UInt64(UInt128(remainder) * 10 % UInt128(modulus))
        }
        return remainder == 0
    }

    /// The digits as a number, if there are at most 18.
    var digitsValue: UInt64? { digits.count <= 18 ? digits.reduce(0) { $0 * 10 + UInt64($1) } : nil }
}

extension JSONNumber: Comparable {
    package static func < (a: JSONNumber, b: JSONNumber) -> Bool {
        if a.isZero || b.isZero || a.isNegative != b.isNegative {
            return a.signum < b.signum
        }
        return a.isNegative ? b.isSmaller(than: a) : a.isSmaller(than: b)
    }

    private var signum: Int { isZero ? 0 : isNegative ? -1 : 1 }

    private func isSmaller(than other: JSONNumber) -> Bool {
        let (order, otherOrder) = (digits.count + exponent, other.digits.count + other.exponent)
        return order == otherOrder ? digits.lexicographicallyPrecedes(other.digits) : order < otherOrder
    }
}

extension JSONNumber: CustomStringConvertible {
    /// One spelling for each number, itself valid JSON: plain where that is short, else with an exponent.
    package var description: String {
        let text = digits.map(String.init).joined()
        switch exponent {
        case _ where digits.isEmpty: return "0"
        case 0...20: return sign + text + String(repeating: "0", count: exponent)
        case -20..<0:
            let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + text
            return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
        default: return "\(sign)\(text)e\(exponent)"
        }
    }
}

extension Int {
    /// Keeps `abs` from trapping on the one number that has no positive twin.
    fileprivate var clamped: Int { Swift.max(self, -Int.max) }
}
