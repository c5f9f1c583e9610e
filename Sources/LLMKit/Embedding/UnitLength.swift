extension [Float] {
    /// The vector scaled to length one; `nil` if it has no direction, or holds what is no number.
    var scaledToUnitLength: [Float]? {
        // In doubles, whose range no sum of squares of floats leaves.
        let squares = reduce(0.0) { $0 + Double($1) * Double($1) }
        guard squares > 0, squares.isFinite else { return nil }
        let scale = 1 / squares.squareRoot()
        return map { Float(Double($0) * scale) }
    }
}
