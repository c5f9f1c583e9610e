/// A price and where it is from.
///
/// A class, because every attempt holds one or two, and they are the same for all of a day's.
final class AppliedPrice: Sendable {
    let price: Price
    /// The date of the price table, or `model` for a price of the model's own.
    let version: String

    init(price: Price, version: String) {
        self.price = price
        self.version = version
    }
}
