/// Numbers as people read them, without Foundation.
public enum Figures {
    /// With a fixed number of decimals, rounded half away from zero.
    public static func fixed(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        guard let whole = Int(exactly: (value.magnitude * scale).rounded()) else { return "\(value)" }
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard places > 0 else { return sign + grouped(whole) }
        let digits = String(whole % Int(scale))
        return sign + grouped(whole / Int(scale)) + "." + String(repeating: "0", count: places - digits.count) + digits
    }

    /// With commas between thousands.
    public static func grouped(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(value.magnitude).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }

    /// A share of a whole, such as `27.4%`; a dash where there is no whole.
    public static func percent(_ part: Double, of whole: Double) -> String {
        whole == 0 ? "–" : fixed(part / whole * 100, 1) + "%"
    }

    /// A time as people write it: three digits in the unit that suits it (`1.44 ms`, `830 ms`, `12.3 s`), and from a
    /// minute on the next smaller unit beside it (`1 min 5 s`).
    public static func time(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        // Each limit is what would be rounded up to the next unit: 999.6 ms are a second.
        if milliseconds < 0.0009995 { return fixed(milliseconds * 1e6, 0) + " ns" }
        if milliseconds < 0.9995 { return threeDigits(milliseconds * 1000) + " µs" }
        if milliseconds < 999.5 { return threeDigits(milliseconds) + " ms" }
        if milliseconds < 59_950 { return threeDigits(milliseconds / 1000) + " s" }
        guard let seconds = Int(exactly: (milliseconds / 1000).rounded()) else {
            return fixed(milliseconds / 1000, 0) + " s"
        }
        if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
        let minutes = (seconds + 30) / 60
        return pair(minutes / 60, "h", minutes % 60, "min")
    }

    /// With as many decimals as leave three digits in all.
    private static func threeDigits(_ value: Double) -> String {
        fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
    }

    private static func pair(_ large: Int, _ unit: String, _ small: Int, _ smaller: String) -> String {
        small == 0 ? "\(grouped(large)) \(unit)" : "\(grouped(large)) \(unit) \(small) \(smaller)"
    }

    /// The smallest value that at least this share (0 to 1) of the values does not exceed; `nil` if there are none.
    public static func quantile(_ share: Double, of values: [Duration]) -> Duration? {
        guard !values.isEmpty else { return nil }
        let rank = (share * Double(values.count)).rounded(.up)
        return values.sorted()[min(values.count - 1, max(0, Int(rank) - 1))]
    }
}

extension Duration {
    public var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) * 1e-15
    }
}
