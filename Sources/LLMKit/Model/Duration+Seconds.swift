extension Duration {
    /// The duration as a floating-point number of seconds, for telemetry and messages.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }

    /// Whole microseconds, rounded down.
    var microseconds: Int64 {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (components.seconds > 0 ? .max : .min) : seconds &+ components.attoseconds / 1_000_000_000_000
    }
}
