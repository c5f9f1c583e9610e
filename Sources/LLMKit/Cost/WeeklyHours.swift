/// Hours of the week, in UTC: those at which a vendor is busy and charges more, as a rule.
///
/// Written `mon-fri@01:00-04:00,mon-fri@06:00-10:00`: windows one after the other, each with a day, several days in a
/// row, or none for every day. The first minute belongs to a window, the last one does not; a window ends at `24:00` at
/// the latest, and begins anew on the next day.
struct WeeklyHours: Hashable, Sendable {
    /// In minutes since Monday 00:00.
    private var windows: [Range<Int>] = []

    /// Reads hours as they are written in a price file; `nil` for anything else.
    init?(_ text: String) {
        for window in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = window.split(separator: "@", omittingEmptySubsequences: false)
            guard let times = parts.last?.split(separator: "-", omittingEmptySubsequences: false), times.count == 2,
                let start = Self.minute(times[0]), let end = Self.minute(times[1]), start < end
            else { return nil }
            let days: ClosedRange<Int>
            switch parts.count {
            case 1: days = 0...6
            case 2:
                let names = parts[0].split(separator: "-", omittingEmptySubsequences: false)
                guard let first = names.first.flatMap(Self.day), let last = names.last.flatMap(Self.day),
                    names.count <= 2, first <= last
                else { return nil }
                days = first...last
            default: return nil
            }
            windows += days.map { $0 * 1440 + start..<$0 * 1440 + end }
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
