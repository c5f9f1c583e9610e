/// Several meters as one: such as a ledger, and limits kept elsewhere.
///
/// An attempt may be made only if all agree; they are asked in order, and those that had agreed get their reservation
/// back where a later one refuses. Whatever is recorded, all record.
public struct MultiMeter: CostMeter {
    package let meters: [any CostMeter]

    public init(_ meters: [any CostMeter]) { self.meters = meters }

    public func admit(_ request: ChatRequest) async throws {
        for meter in meters { try await meter.admit(request) }
    }

    public func reserve(_ attempt: PlannedAttempt) async throws -> Reservation {
        var reservation = Reservation(attempt)
        do {
            for meter in meters { reservation.parts.append(try await meter.reserve(attempt)) }
        } catch {
            release(reservation)
            throw error
        }
        return reservation
    }

    public func record(_ charge: Charge) {
        let parts = charge.reservation?.parts ?? []
        for (index, meter) in meters.enumerated() {
            var own = charge
            if charge.reservation != nil { own.reservation = index < parts.count ? parts[index] : nil }
            meter.record(own)
        }
    }

    public func release(_ reservation: Reservation) {
        for (meter, part) in zip(meters, reservation.parts) { meter.release(part) }
    }

    public func flush() async {
        await withTaskGroup(of: Void.self) { group in
            for meter in meters { group.addTask { await meter.flush() } }
        }
    }
}

extension CostMeter where Self == MultiMeter {
    /// Several meters as one.
    public static func all(_ meters: any CostMeter...) -> MultiMeter { MultiMeter(meters) }
}
