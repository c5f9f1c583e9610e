/// Durations in seconds, and what is told of them.
struct Samples {
    private(set) var seconds: [Double] = []

    /// Makes room, so that growing is no part of what is measured.
    mutating func reserve(_ count: Int) { seconds.reserveCapacity(count) }
    mutating func add(_ duration: Double) { seconds.append(duration) }
    mutating func add(_ other: Samples) { seconds += other.seconds }
    var count: Int { seconds.count }

    /// In seconds; 0 without samples.
    var mean: Double { seconds.isEmpty ? 0 : seconds.reduce(0, +) / Double(seconds.count) }

    /// The value below which the given share (0...1) of the samples lies, in microseconds; 0 without samples.
    func microseconds(at share: Double) -> Double {
        guard !seconds.isEmpty else { return 0 }
        return seconds.sorted()[Int(share * Double(seconds.count - 1))] * 1e6
    }
}

/// One line of JSON with numbers.
struct ResultLine {
    private var fields: [String] = []

    mutating func add(_ name: String, _ value: Double, places: Int = 1) {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        fields.append("\"\(name)\":\((value * scale).rounded() / scale)")
    }

    mutating func add(_ name: String, _ value: Int) { fields.append("\"\(name)\":\(value)") }

    func print() { Swift.print("{\(fields.joined(separator: ","))}") }
}
