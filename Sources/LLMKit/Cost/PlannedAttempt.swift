public import PortableFoundation

/// An upstream attempt before it is made, as a meter sees it.
public struct PlannedAttempt: Sendable {
    public var requestID: RequestID
    public var caller: Caller
    public var purpose: Purpose
    /// Which attempt of its model call it is, from 1.
    public var ordinal: Int
    /// The pipeline's name of the model.
    public var model: ModelName
    public var upstream: Upstream
    public var date: Date
    /// The cost of the whole input at the full rate, by an upper bound of its tokens, and of the longest allowed answer;
    /// `nil` if a price is unknown.
    public var worstCase: Money?

    package init(
        requestID: RequestID,
        caller: Caller = Caller(),
        purpose: Purpose = .answer,
        ordinal: Int = 1,
        model: ModelName,
        upstream: Upstream,
        date: Date,
        worstCase: Money?
    ) {
        self.requestID = requestID
        self.caller = caller
        self.purpose = purpose
        self.ordinal = ordinal
        self.model = model
        self.upstream = upstream
        self.date = date
        self.worstCase = worstCase
    }
}

/// A meter's promise that an attempt may be made.
///
/// It travels with the attempt's charge.
public struct Reservation: Hashable, Sendable {
    /// The request that holds it.
    public var requestID: RequestID
    /// How much was set aside; `nil` where nothing had to be.
    public var amount: Money?
    /// What several meters promised each, in their order.
    var parts: [Reservation] = []

    package init(requestID: RequestID, amount: Money? = nil) {
        self.requestID = requestID
        self.amount = amount
    }

    /// Sets an attempt's worst case aside.
    public init(_ attempt: PlannedAttempt) {
        self.init(requestID: attempt.requestID, amount: attempt.worstCase)
    }
}
