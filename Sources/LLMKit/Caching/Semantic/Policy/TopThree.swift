/// The three largest numbers of a row.
struct TopThree {
    private(set) var first: Double
    private var second: Double
    private var third: Double

    /// - Parameter filler: what stands for numbers that are missing.
    init(filler: Double) { (first, second, third) = (filler, filler, filler) }

    mutating func add(_ value: Double) {
        if value > first {
            (first, second, third) = (value, first, second)
        } else if value > second {
            (second, third) = (value, second)
        } else if value > third {
            third = value
        }
    }

    var mean: Double { (first + second + third) / 3 }
}
