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

    /// A time, in the unit that suits it.
    public static func time(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        if milliseconds < 1 { return fixed(milliseconds * 1000, 0) + " µs" }
        if milliseconds < 10 { return fixed(milliseconds, 2) + " ms" }
        if milliseconds < 1000 { return fixed(milliseconds, 0) + " ms" }
        return fixed(milliseconds / 1000, 2) + " s"
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
