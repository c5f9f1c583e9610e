/// A price and where it is from.
struct AppliedPrice: Sendable {
    var price: Price
    /// The date of the price table, or `model` for a price of the model's own.
    var version: String
}
