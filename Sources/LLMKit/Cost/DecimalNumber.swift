/// Reads decimal numbers exactly: a price never passes through a `Double`.
enum DecimalNumber {
    /// Why a number could not be read.
    enum Failure: Error {
        case malformed
        case negative
        case tooFine
        case tooLarge
    }

    /// `text` times 10 to the power of `places`, which must be a whole number from 0 to `limit`.
    ///
    /// Digits and one point are all that is allowed: `1`, `0.14`, `12.50`.
    static func scaled(_ text: some StringProtocol, places: Int, limit: Int64) throws(Failure) -> Int64 {
        var value: Int64 = 0
        var digits = 0
        var fraction: Int?
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0 && text.utf8.count > 1: throw .negative
            case UInt8(ascii: ".") where fraction == nil && digits > 0: fraction = 0
            case 0x30...0x39:
                digits += 1
                if let count = fraction {
                    // Zeros at the end are fine, however many.
                    if count >= places {
                        guard byte == 0x30 else { throw .tooFine }
                        continue
                    }
                    fraction = count + 1
                }
                value = try grown(value, by: Int64(byte - 0x30), limit: limit)
            default: throw .malformed
            }
        }
        guard digits > 0, text.last != "." else { throw .malformed }
        for _ in (fraction ?? 0)..<max(places, fraction ?? 0) { value = try grown(value, by: 0, limit: limit) }
        return value
    }

    private static func grown(_ value: Int64, by digit: Int64, limit: Int64) throws(Failure) -> Int64 {
        let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
        guard !isOver, tens <= limit - digit else { throw .tooLarge }
        return tens + digit
    }
}
