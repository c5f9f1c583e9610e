/// A decimal number, exactly as it was written: no rounding to binary, no limit on digits.
///
/// JSON knows no floating point, so `1`, `1.0` and `10e-1` are one number, and 2^53 + 1 is not 2^53. All exact reading of
/// decimals goes through it: documents, schemas, prices, and the numbers in answers. Foundation's `Decimal` would round
/// beyond 38 digits and has no numbers beyond 10^165.
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

    /// Exponents beyond this, either way, are refused: nobody means such numbers.
    static let exponentLimit = 1_000_000

    /// Reads a number in JSON's grammar, leading zeros and a leading plus allowed; `nil` if it is none.
    package init?(_ text: String) { self.init(utf8: text.utf8) }

    /// Reads a number in JSON's grammar, leading zeros and a leading plus allowed; `nil` if it is none.
    init?(utf8 bytes: some Collection<UInt8>) {
        var rest = bytes[...]
        let sign = rest.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var digits: [UInt8] = []
        /// Takes digits and tells how many; zeros before the first other one are not kept.
        func takeDigits() -> Int {
            var count = 0
            while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
                if byte != 0x30 || !digits.isEmpty { digits.append(byte - 0x30) }
                rest = rest.dropFirst()
                count += 1
            }
            return count
        }
        guard takeDigits() > 0 else { return nil }
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = takeDigits()
            guard fraction > 0 else { return nil }
        }
        var exponent = 0
        if let mark = rest.first {
            guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
            let text = String(decoding: rest.dropFirst(), as: UTF8.self)
            guard let written = Int(text), written.magnitude <= Self.exponentLimit else { return nil }
            exponent = written
        }
        exponent -= fraction
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.init(
            isNegative: sign == UInt8(ascii: "-") && !digits.isEmpty,
            digits: digits,
            exponent: digits.isEmpty ? 0 : exponent
        )
    }

    var isZero: Bool { digits.isEmpty }
    var isInteger: Bool { exponent >= 0 }

    /// The value as an `Int`, if it is one.
    package var int: Int? {
        if isZero { return 0 }
        guard isInteger, digits.count + exponent <= 19 else { return nil }
        return Int(sign + digitText + String(repeating: "0", count: exponent))
    }

    /// The nearest floating-point number.
    var double: Double { Double(description) ?? (isNegative ? -.infinity : .infinity) }

    private var sign: String { isNegative ? "-" : "" }
    private var digitText: String { String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self) }
}

extension JSONNumber {
    /// Whether this is a whole multiple of `divisor`, which must have at most 18 digits.
    ///
    /// With `a = d_a·10^e_a` and `b = d_b·10^e_b`, where neither `d` ends in a zero: `a/b` can be whole only if
    /// `e_a ≥ e_b`, and then is if `d_b` divides `d_a·10^(e_a−e_b)`. The power is taken modulo `d_b` by squaring, so the
    /// work grows with the digits that were written and not with the exponents.
    func isMultiple(of divisor: JSONNumber) -> Bool {
        if isZero { return true }
        guard let modulus = divisor.digitsValue, modulus > 0, exponent >= divisor.exponent else { return false }
        /// Both factors are below the modulus, so the quotient fits a word.
        func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
            modulus.dividingFullWidth(a.multipliedFullWidth(by: b)).remainder
        }
        // Ten times a number of 18 digits fits a word.
        var remainder: UInt64 = 0
        for digit in digits { remainder = (remainder * 10 + UInt64(digit)) % modulus }
        var power = 10 % modulus
        var left = exponent - divisor.exponent
        while left > 0, remainder != 0 {
            if left & 1 == 1 { remainder = product(remainder, power) }
            power = product(power, power)
            left >>= 1
        }
        return remainder == 0
    }

    /// The digits as a number, if there are at most 18.
    var digitsValue: UInt64? { digits.count <= 18 ? digits.reduce(0) { $0 * 10 + UInt64($1) } : nil }
}

extension JSONNumber {
    /// Why a number is no whole number of small units.
    enum ScalingFailure: Error {
        case negative
        case tooFine
        case tooLarge
    }

    /// The value times 10 to the power of `places`, which must be a whole number from 0 to `limit`.
    func scaled(places: Int, limit: Int64) throws(ScalingFailure) -> Int64 {
        guard !isNegative else { throw .negative }
        let number = JSONNumber(isNegative: false, digits: digits, exponent: isZero ? 0 : exponent + places)
        guard number.isInteger else { throw .tooFine }
        guard let value = number.int, value <= limit else { throw .tooLarge }
        return Int64(value)
    }
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
        switch exponent {
        case _ where digits.isEmpty: return "0"
        case 0...20: return sign + digitText + String(repeating: "0", count: exponent)
        case -20..<0:
            let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digitText
            return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
        default: return "\(sign)\(digitText)e\(exponent)"
        }
    }
}
