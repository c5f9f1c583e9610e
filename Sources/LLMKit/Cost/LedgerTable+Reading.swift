extension LedgerTable {
    static let selection = "SELECT \(columns.joined(separator: ", ")) FROM calls"

    /// Reads a row of ``selection`` back.
    static func charge(from row: SQLiteStatement) -> Charge {
        var charge = Charge(
            date: Milliseconds.date(row.integer(0)),
            requestID: RequestID(hex: row.text(1) ?? "") ?? RequestID(high: 0, low: 0),
            caller: Caller(
                tenant: row.text(2),
                user: row.text(3),
                feature: row.text(4),
                conversation: row.text(5),
                tags: row.text(6).map(tags) ?? [:]
            ),
            kind: Charge.Kind(rawValue: row.text(9) ?? "") ?? .answer,
            model: ModelName(row.text(10) ?? ""),
            vendor: row.text(11) ?? ""
        )
        charge.route = row.text(7)
        charge.tier = row.optionalInteger(8).map(Int.init)
        charge.modelAsked = row.text(12)
        charge.modelServed = row.text(13)
        charge.serviceTier = ServiceTier(row.text(14) ?? ServiceTier.standard.description)
        charge.usage = Usage(
            input: Int(row.integer(15)),
            cacheRead: Int(row.integer(16)),
            cacheWrite5m: Int(row.integer(17)),
            cacheWrite1h: Int(row.integer(18)),
            output: Int(row.integer(19)),
            reasoning: Int(row.integer(20)),
            reportedTotal: row.optionalInteger(21).map(Int.init),
            isEstimated: row.integer(23) != 0
        )
        charge.cost = money(row, 24)
        if let baseline = money(row, 25) {
            charge.savings = Savings(
                baseline: baseline,
                resultCache: money(row, 26) ?? .zero,
                semanticCache: money(row, 27) ?? .zero,
                coalescing: money(row, 28) ?? .zero,
                promptCache: money(row, 29) ?? .zero,
                routing: money(row, 30) ?? .zero
            )
        }
        charge.cache = row.text(31).map(CacheHit.Source.init)
        charge.ordinal = Int(row.integer(32))
        charge.finish = row.text(33).map { FinishReason($0) }
        charge.errorCode = row.text(34).map { LLMError.Code($0) }
        charge.vendorRequestID = row.text(35)
        charge.confidence = row.optionalDouble(36)
        charge.isStreamed = row.integer(37) != 0
        charge.timing = Timing(
            connect: row.optionalInteger(38).map(Duration.microseconds),
            firstToken: row.optionalInteger(39).map(Duration.microseconds),
            longestGap: row.optionalInteger(40).map(Duration.microseconds),
            meanGap: row.optionalInteger(41).map(Duration.microseconds),
            total: .microseconds(row.integer(42))
        )
        charge.losses = row.text(43).map { $0.split(separator: "; ").map(String.init) } ?? []
        charge.priceVersion = row.text(44)
        charge.match = match(row)
        if let purpose = row.text(49) {
            charge.purpose = Purpose(purpose, role: charge.kind.role)
            charge.upstream = Upstream(
                vendor: charge.vendor,
                modelID: charge.modelAsked,
                serverAddress: row.text(51),
                serverPort: row.optionalInteger(52).map(Int.init)
            )
        }
        charge.isSent = row.integer(50) != 0
        charge.routeReason = row.text(53).flatMap(LedgerDetails.reason)
        charge.judgement = LedgerDetails.judgement(row.text(54), value: charge.confidence)
        return charge
    }

    /// Why a semantic cache answered; its neighbours are not kept with calls.
    private static func match(_ row: SQLiteStatement) -> SemanticMatch? {
        guard let entry = row.optionalInteger(45) else { return nil }
        let (score, threshold) = (row.double(47), row.double(48))
        return SemanticMatch(
            entry: entry,
            similarity: row.double(46),
            decision: HitDecision(.serve, neighbour: nil, score: score, threshold: threshold),
            found: Neighbourhood([]),
            saved: money(row, 27)
        )
    }

    /// An amount: a number, or as text where it has more than 64 bits.
    static func money(_ row: SQLiteStatement, _ column: Int32) -> Money? {
        if row.isNull(column) { return nil }
        if row.isText(column) { return row.text(column).flatMap { Int128($0) }.map(Money.init(picodollars:)) }
        return Money(picodollars: Int128(row.integer(column)))
    }

    private static func tags(_ json: String) -> [String: String] {
        var json = json
        return json.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            var tags: [String: String] = [:]
            // What somebody else has written into the column is not ours to judge: what can be read counts.
            try? reader.beginObject()
            while let key = try? reader.nextKey(), let value = try? reader.string() { tags[key.string] = value }
            return tags
        }
    }
}
