/// An exact amount of US dollars, counted in picodollars (1e-12 USD), so that sums never drift.
///
/// A price of $0.14 per million tokens is exactly 140 000 picodollars per token. 128 bits hold more money than there is,
/// so no sum overflows.
public struct Money: Hashable, Comparable, AdditiveArithmetic, Sendable {
    public var picodollars: Int128

    public init(picodollars: Int128) { self.picodollars = picodollars }

    public static let zero = Money(picodollars: 0)
    package static let picodollarsPerDollar: Int128 = 1_000_000_000_000

    /// A whole number of dollars, as in `limit: .dollars(20)`.
    ///
    /// For less, count picodollars: `Money(picodollars: 10_000_000_000)` is a cent.
    public static func dollars(_ amount: Int) -> Money { Money(picodollars: Int128(amount) * picodollarsPerDollar) }

    /// The amount as a floating-point number, for plots and metrics. Never sum these.
    public var dollars: Double {
        // The conversion from 128 bits is slow, and nearly every amount fits into 64.
        let small = Int64(truncatingIfNeeded: picodollars)
        return (picodollars == small ? Double(small) : Double(picodollars)) / 1e12
    }

    /// Adds tokens times their rate.
    mutating func addProduct(of tokens: Int64, and rate: Int64) {
        let (product, overflow) = tokens.multipliedReportingOverflow(by: rate)
        picodollars += overflow ? Int128(tokens) * Int128(rate) : Int128(product)
    }

    public static func + (a: Money, b: Money) -> Money { Money(picodollars: a.picodollars + b.picodollars) }
    public static func - (a: Money, b: Money) -> Money { Money(picodollars: a.picodollars - b.picodollars) }
    package static prefix func - (a: Money) -> Money { Money(picodollars: -a.picodollars) }
    public static func < (a: Money, b: Money) -> Bool { a.picodollars < b.picodollars }
}

extension Money: CustomStringConvertible {
    /// The exact decimal amount, such as `$0.0195`: as many places as it needs, at least two.
    public var description: String { formatted(minimumPlaces: 2) }

    /// The exact decimal amount with at least `minimumPlaces` (0 to 12) digits after the point.
    package func formatted(minimumPlaces: Int) -> String {
        let magnitude = picodollars.magnitude
        let scale = Self.picodollarsPerDollar.magnitude
        var places = String(magnitude % scale)
        places = String(repeating: "0", count: 12 - places.count) + places
        while places.count > minimumPlaces, places.last == "0" { places.removeLast() }
        let sign = picodollars < 0 ? "-" : ""
        return "\(sign)$\(magnitude / scale)\(places.isEmpty ? "" : ".")\(places)"
    }
}

extension Money: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let picodollars = Int128(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected picodollars as digits")
        }
        self.picodollars = picodollars
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(picodollars))
    }
}
