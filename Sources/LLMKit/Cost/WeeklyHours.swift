/// Hours of the week, in UTC: those at which a vendor is busy and charges more, as a rule.
///
/// Written `mon-fri@01:00-04:00,mon-fri@06:00-10:00`: windows one after the other, each with a day, several days in a
/// row, or none for every day. Days go on over the end of the week: `fri-mon` are four. The first minute belongs to a
/// window, the last one does not. A window that ends before it begins ends on the next day: `fri@22:00-06:00` is over on
/// Saturday morning.
struct WeeklyHours: Hashable, Sendable {
    /// In minutes since Monday 00:00.
    private var windows: [Range<Int>] = []

    private static let minutesOfDay = 1440
    private static let minutesOfWeek = 7 * minutesOfDay

    /// Reads hours as they are written in a price file; `nil` for anything else.
    init?(_ text: String) {
        for window in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = window.split(separator: "@", omittingEmptySubsequences: false)
            guard let times = parts.last?.split(separator: "-", omittingEmptySubsequences: false), times.count == 2,
                let start = Self.minute(times[0]), let end = Self.minute(times[1]), start != end,
                start < Self.minutesOfDay
            else { return nil }
            let days: [Int]
            switch parts.count {
            case 1: days = Array(0..<7)
            case 2:
                let names = parts[0].split(separator: "-", omittingEmptySubsequences: false)
                guard let first = names.first.flatMap(Self.day), let last = names.last.flatMap(Self.day),
                    names.count <= 2
                else { return nil }
                days = first <= last ? Array(first...last) : Array(first..<7) + Array(0...last)
            default: return nil
            }
            for day in days {
                let first = day * Self.minutesOfDay + start
                let last = day * Self.minutesOfDay + end + (end < start ? Self.minutesOfDay : 0)
                windows.append(first..<min(last, Self.minutesOfWeek))
                // What is left of a Sunday's night is a Monday's morning.
                if last > Self.minutesOfWeek { windows.append(0..<last - Self.minutesOfWeek) }
            }
        }
    }

    func contains(_ minute: CalendarMinute) -> Bool {
        let minute = minute.ofWeek
        return windows.contains { $0.contains(minute) }
    }

    func overlaps(_ other: WeeklyHours) -> Bool {
        windows.contains { window in other.windows.contains { $0.overlaps(window) } }
    }

    /// How many minutes of a week they are.
    var minutes: Int { windows.reduce(0) { $0 + $1.count } }

    private static func day(_ name: some StringProtocol) -> Int? {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].firstIndex { $0 == name }
    }

    /// Reads `HH:MM`, up to `24:00`.
    private static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
