import PortableFoundation

/// A day of the Gregorian calendar in UTC, written `2026-11-23`.
///
/// Prices change at midnight UTC.
struct CalendarDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    let number: Int

    init(number: Int) { self.number = number }

    /// The day that a moment lies in.
    init(containing date: Date) {
        number = Int(Milliseconds.saturating((date.timeIntervalSince1970 / 86_400).rounded(.down)))
    }

    /// Reads `YYYY-MM-DD`; `nil` for anything else, and for days that no calendar has.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || ($0 >= 0x30 && $0 <= 0x39) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month), day >= 1
        else { return nil }
        number = Self.days(before: year, month) + day - 1
        // A day beyond the end of its month would come out as one of the next.
        guard description == text else { return nil }
    }

    /// The first moment of the day.
    var start: Date { Date(timeIntervalSince1970: Double(number) * 86_400) }

    var description: String {
        // Years of 365.2425 days on average: the guess is at most one off.
        var year = 1970 + Int((Double(number) / 365.2425).rounded(.down))
        if Self.days(before: year + 1, 1) <= number { year += 1 }
        if Self.days(before: year, 1) > number { year -= 1 }
        let month = (1...12).last { Self.days(before: year, $0) <= number } ?? 1
        let day = number - Self.days(before: year, month) + 1
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    static func < (a: CalendarDay, b: CalendarDay) -> Bool { a.number < b.number }

    /// Days from 1970-01-01 to the first of a month.
    private static func days(before year: Int, _ month: Int) -> Int {
        let past = year - 1
        let leapDays = past / 4 - past / 100 + past / 400 - 477
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
        return (year - 1970) * 365 + leapDays + monthStarts[month - 1] + (isLeap && month > 2 ? 1 : 0)
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
