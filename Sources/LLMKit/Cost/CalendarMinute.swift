import PortableFoundation

/// A minute in UTC: within one, no table's price changes.
struct CalendarMinute: Hashable, Sendable {
    /// Minutes since 1970-01-01.
    let number: Int

    /// The minute that a moment lies in.
    init(containing date: Date) {
        number = Int(Milliseconds.saturating((date.timeIntervalSince1970 / 60).rounded(.down)))
    }

    var day: CalendarDay { CalendarDay(number: Self.quotient(number, 1440)) }

    /// Minutes since the beginning of the week, Monday 00:00.
    var ofWeek: Int {
        // The first day of 1970 was a Thursday.
        let shifted = number.addingReportingOverflow(3 * 1440)
        guard !shifted.overflow else { return 0 }
        return shifted.partialValue - Self.quotient(shifted.partialValue, 10_080) * 10_080
    }

    /// Division that rounds down, before 1970 too.
    private static func quotient(_ number: Int, _ divisor: Int) -> Int {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
