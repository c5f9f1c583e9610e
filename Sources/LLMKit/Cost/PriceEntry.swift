package import PortableFoundation

extension PriceTable {
    /// One line of a price table: what a vendor charges for a model during some time, and what else is known of it.
    package struct Entry: Hashable, Sendable {
        /// The vendor by its OpenTelemetry name, as in ``ProviderInfo/vendor``.
        package var vendor: String
        /// The vendor's id of the model.
        package var model: String
        /// The dated or numbered editions of the model that have this price, too, without the model's id:
        /// `["2024-08-06"]` on a line of `gpt-4o`. `["*"]` for all there are and will be.
        ///
        /// Hyphens, `@` and `:` do not count: `20240806` is the same edition. One that has an entry of its own is priced
        /// by that.
        package var editions: [String] = []
        package var price: Price
        /// The most tokens that prompt and answer may have together.
        package var contextWindow: Int?
        /// The most tokens that an answer may have.
        package var maxOutput: Int?
        /// The shortest prompt, in tokens, that the vendor's prompt cache takes.
        package var promptCacheMinimum: Int?
        /// The hours of the week at which the price holds; `nil` for those that no other entry of the model names.
        var hours: WeeklyHours?
        /// Days on which the ``hours`` do not hold, UTC: a vendor's public holidays.
        var holidays: Set<CalendarDay> = []
        /// The first day of the price; `nil` for always.
        var from: CalendarDay?
        /// The first day on which the price no longer holds; `nil` for never.
        var until: CalendarDay?
        /// The day on which the vendor switches the model off.
        var retires: CalendarDay?

        /// - Parameters:
        ///   - vendor: the vendor by its OpenTelemetry name.
        ///   - model: the vendor's id of the model.
        ///   - price: what it charges.
        ///   - validFrom: the price holds from the start of this day, UTC.
        ///   - validUntil: the price holds until the start of this day, UTC.
        package init(
            vendor: String,
            model: String,
            price: Price,
            validFrom: Date? = nil,
            validUntil: Date? = nil
        ) {
            self.vendor = vendor
            self.model = model
            self.price = price
            from = validFrom.map(CalendarDay.init(containing:))
            until = validUntil.map(CalendarDay.init(containing:))
        }

        package var validFrom: Date? { from?.start }
        package var validUntil: Date? { until?.start }
        /// The start of the day on which the vendor switches the model off.
        package var retirementDate: Date? { retires?.start }

        /// Whether the price is that of an edition of the model, named as in ``editions``.
        func covers(_ edition: Substring) -> Bool {
            editions.contains { $0 == "*" || Self.plain($0[...]).elementsEqual(Self.plain(edition)) }
        }

        private static func plain(_ edition: Substring) -> some Sequence<UInt8> {
            edition.utf8.lazy.filter { !PriceTable.isBoundary($0) }
        }

        func holds(at minute: CalendarMinute) -> Bool {
            let day = minute.day
            guard (from ?? day) <= day, until.map({ day < $0 }) ?? true else { return false }
            return hours.map { $0.contains(minute) && !holidays.contains(day) } ?? true
        }

        /// Whether two entries give prices for one moment, and neither gives way to the other: one without hours does.
        func overlaps(_ other: Entry) -> Bool {
            switch (hours, other.hours) {
            case (nil, nil): break
            case (let own?, let others?): guard own.overlaps(others) else { return false }
            default: return false
            }
            let starts = other.until.map { from ?? CalendarDay.distantPast < $0 } ?? true
            return starts && (until.map { other.from ?? CalendarDay.distantPast < $0 } ?? true)
        }
    }
}

extension CalendarDay {
    static let distantPast = CalendarDay(containing: .distantPast)
}

extension Price {
    /// The price of processing in a region: every rate multiplied by `thousandths` / 1000, to the nearest picodollar per
    /// token.
    ///
    /// A service tier that names the region, too, adds nothing to that.
    func scaled(thousandths: Int64, region: String) -> Price {
        func scaled(_ rate: Int64?) -> Int64? {
            rate.map { Int64(clamping: (Int128($0) * Int128(thousandths) + 500) / 1000) }
        }
        func scaled(_ rates: Rates) -> Rates {
            Rates(
                input: scaled(rates.input),
                cacheRead: scaled(rates.cacheRead),
                cacheWrite5m: scaled(rates.cacheWrite5m),
                cacheWrite1h: scaled(rates.cacheWrite1h),
                output: scaled(rates.output),
                reasoning: scaled(rates.reasoning)
            )
        }
        func scaled(_ tiers: [Tier]) -> [Tier] { tiers.map { Tier(above: $0.threshold, rates: scaled($0.rates)) } }
        return Price(
            rates: scaled(rates),
            tiers: scaled(tiers),
            services: services.mapValues { scaled($0) },
            serviceTiers: serviceTiers.mapValues { scaled($0) },
            regions: [region: 1000]
        )
    }
}
