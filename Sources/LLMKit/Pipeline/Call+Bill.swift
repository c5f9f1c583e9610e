#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Call {
    /// The bill of an answer.
    func bill(of response: ChatResponse, purpose: Charge.Purpose) -> Charge {
        var charge = blank(purpose)
        charge.modelServed = response.servedModel
        charge.serviceTier = response.serviceTier
        charge.usage = response.usage
        charge.finish = response.finish
        charge.vendorRequestID = response.vendorRequestID
        charge.responseID = response.id
        charge.confidence = response.confidence
        charge.losses = response.losses
        charge.timing = response.timing
        let price = entry.price(servedModel: response.servedModel, at: charge.date)
        if let price {
            charge.cost = price.cost(of: response.usage, service: response.serviceTier)
            charge.priceVersion = entry.priceVersion
        } else {
            // A nested pipeline has already added up what its own calls cost.
            charge.cost = response.cost
        }
        if purpose == .answer, let paid = charge.cost {
            charge.savings = savings(of: response, price: price, paid: paid, at: charge.date)
        }
        return charge
    }

    /// Where the difference between the reference model's price and what was paid comes from.
    private func savings(of response: ChatResponse, price: Price?, paid: Money, at date: Date) -> Savings? {
        let tokens = response.usage.withoutPromptCache
        let uncached = price?.cost(of: tokens, service: response.serviceTier) ?? paid
        guard let baseline = trip.pipeline.baseline, baseline != entry.name else {
            return .call(baseline: uncached, uncached: uncached, paid: paid)
        }
        guard let reference = trip.pipeline.table[baseline]?.price(servedModel: nil, at: date)?.cost(of: tokens) else {
            return nil
        }
        return .call(baseline: reference, uncached: uncached, paid: paid)
    }

    /// The bill of a failure.
    /// - Parameter isRetried: it is an attempt that was tried again, billed on a row of its own beside the call's.
    func bill(of error: LLMError, isRetried: Bool = false) -> Charge {
        // A shadow's failure is still a shadow's cost.
        var charge = blank(purpose == .answer ? .failed : purpose)
        if isRetried { charge.attempts = 0 }
        charge.errorCode = error.code
        charge.vendorRequestID = error.vendorRequestID
        charge.usage = usage(after: error, isRetried: isRetried)
        charge.timing = Timing(total: trip.context.time.now - start)
        if let spent = error.spent, entry.fixedPrice == nil {
            charge.cost = spent
        } else if charge.usage.total == 0 {
            charge.cost = .zero
        } else {
            charge.cost = entry.price(servedModel: nil, at: charge.date)?.cost(of: charge.usage)
        }
        return charge
    }

    private func blank(_ purpose: Charge.Purpose) -> Charge {
        var charge = Charge(
            date: trip.date(of: start),
            requestID: trip.context.requestID,
            caller: trip.request.caller,
            purpose: purpose,
            model: entry.name,
            vendor: entry.info.vendor
        )
        charge.reservation = purpose.isBeside ? nil : trip.reservation
        charge.route = trip.route
        charge.tier = tier
        charge.modelAsked = entry.info.modelID
        charge.attempts = attempts
        charge.isStreamed = isStreamed
        return charge
    }
}
