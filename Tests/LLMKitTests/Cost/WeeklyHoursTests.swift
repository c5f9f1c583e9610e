import Foundation
import Testing

@testable import LLMKit
@testable import LLMKitTesting

@Suite struct WeeklyHoursTests {
    /// Monday, 2026-11-23, 00:00 UTC.
    private let monday = Date(timeIntervalSince1970: 1_795_392_000)

    private func table(_ lines: String...) throws(LLMError) -> PriceTable {
        try PriceTable(parsing: (["llmkit-prices 1"] + lines).joined(separator: "\n"), name: "my.prices")
    }

    private func time(_ hours: Double, on day: Int = 0) -> Date {
        monday.addingTimeInterval((Double(day) * 24 + hours) * 3600)
    }

    @Test func `DeepSeek charges its full price in 35 of 168 hours, and half of it in the others`() throws {
        #expect(CalendarDay(containing: monday).description == "2026-11-23")
        for model in ["deepseek-v4-pro", "deepseek-v4-flash", "deepseek-flash", "deepseek-v4-flash-vision-exp"] {
            var peak = 0
            for hour in 0..<168 {
                let price = try #require(
                    PriceTable.builtIn.price(vendor: "deepseek", model: model, at: time(Double(hour) + 0.5))
                )
                let full: Int64 = model == "deepseek-v4-pro" ? 1_320_000 : 300_000
                let isPeak = hour < 120 && ((1..<4).contains(hour % 24) || (6..<10).contains(hour % 24))
                #expect(price.rates.input == (isPeak ? full : full / 2), "\(model) in hour \(hour)")
                peak += isPeak ? 1 : 0
            }
            #expect(peak == 35)
        }
    }

    @Test func `the first minute of a window belongs to it, the last does not`() throws {
        let table = try table("v m input=1", "v m input=2 hours=mon-fri@01:00-04:00,sun@23:00-24:00")
        func input(_ date: Date) -> Int64? { table.price(vendor: "v", model: "m", at: date)?.rates.input }
        #expect(input(time(1).addingTimeInterval(-0.001)) == 1_000_000)
        #expect(input(time(1)) == 2_000_000)
        #expect(input(time(4).addingTimeInterval(-0.001)) == 2_000_000)
        #expect(input(time(4)) == 1_000_000)
        #expect(input(time(1, on: 4)) == 2_000_000)
        #expect(input(time(1, on: 5)) == 1_000_000)
        #expect(input(time(23, on: 6)) == 2_000_000)
        #expect(input(time(0, on: 7)) == 1_000_000)
        // A week of 1969, and moments that no calendar has.
        #expect(input(monday.addingTimeInterval(-604_800 * 3000 + 3600)) == 2_000_000)
        for date in [
            Date.distantPast, .distantFuture, Date(timeIntervalSince1970: .infinity),
            Date(timeIntervalSince1970: -.infinity),
        ] {
            #expect(input(date) != nil)
        }
    }

    @Test func `a window that ends before it begins ends on the next day, and days go on over the end of the week`()
        throws
    {
        func hours(_ text: String) throws -> Set<Int> {
            let hours = try #require(WeeklyHours(text))
            #expect(hours.minutes % 60 == 0)
            return Set((0..<168).filter { hours.contains(CalendarMinute(containing: time(Double($0) + 0.5))) })
        }
        #expect(try hours("mon-fri@22:00-06:00") == Set((0..<5).flatMap { day in (22..<30).map { day * 24 + $0 } }))
        #expect(try hours("sun@22:00-06:00") == [166, 167, 0, 1, 2, 3, 4, 5])
        #expect(try hours("22:00-00:00") == Set((0..<7).flatMap { [$0 * 24 + 22, $0 * 24 + 23] }))
        #expect(try hours("fri-mon@01:00-02:00") == [97, 121, 145, 1])
        #expect(try hours("sat-sun@00:00-24:00").count == 48)
        let night = try #require(WeeklyHours("sun@22:00-06:00"))
        #expect(night.overlaps(try #require(WeeklyHours("mon@05:00-07:00"))))
        #expect(!night.overlaps(try #require(WeeklyHours("mon@06:00-22:00"))))
        #expect(night.minutes == 480)
    }

    @Test func `on a holiday the hours do not hold`() throws {
        let table = try table("v m input=1", "v m input=2 except=2026-11-24,2026-11-26 hours=01:00-04:00")
        let inputs = (0..<4).map { table.price(vendor: "v", model: "m", at: time(2, on: $0))?.rates.input }
        #expect(inputs == [2_000_000, 1_000_000, 2_000_000, 1_000_000])
        let newYear = try #require(CalendarDay("2027-01-01")).start.addingTimeInterval(2 * 3600)
        #expect(
            PriceTable.builtIn.price(vendor: "deepseek", model: "deepseek-flash", at: newYear)?.rates.input == 150_000
        )
    }

    @Test func `outside all hours a model without another line has no price`() throws {
        let table = try table("v m input=2 hours=01:00-04:00", "v m input=1 hours=04:00-05:00")
        let inputs = [2, 4, 6].map { table.price(vendor: "v", model: "m", at: time($0))?.rates.input }
        #expect(inputs == [2_000_000, 1_000_000, nil])
    }

    @Test(arguments: [
        ("v m input=1 hours=01:00-04:00", "v m input=2 hours=mon@03:59-05:00"), ("v m input=1", "v m input=2"),
        ("v m input=1 hours=01:00-02:00", "v m input=2 hours=01:00-02:00 from=2026-01-01"),
    ])
    func `two prices for one hour are refused`(first: String, second: String) {
        let error = #expect(throws: LLMError.self) { try table(first, second) }
        #expect(error?.message.contains("there is a price already") == true)
    }

    @Test(arguments: [
        "", "01:00", "1:00-2:00", "24:00-01:00", "01:00-01:00", "01:00-24:01", "01:60-02:00", "mon@", "day@01:00-02:00",
        "fri-@01:00-02:00", "mon-tue-wed@01:00-02:00", "mon@tue@01:00-02:00", "01:00-02:00,", "+1:00-02:00",
    ])
    func `what are no hours is refused`(text: String) {
        #expect(WeeklyHours(text) == nil)
        #expect(throws: LLMError.self) { try table("v m input=1 hours=\(text)") }
    }

    @Test func `holidays without hours are refused`() {
        #expect(throws: LLMError.self) { try table("v m input=1 except=2026-11-24") }
        #expect(throws: LLMError.self) { try table("v m input=1 hours=01:00-02:00 except=today") }
    }

    @Test func `minutes agree with days and weeks, before 1970 too`() {
        for number in stride(from: -5_000_000, through: 5_000_000, by: 7919) {
            let date = Date(timeIntervalSince1970: Double(number) * 60 + 59.5)
            let minute = CalendarMinute(containing: date)
            #expect(minute.number == number)
            #expect(minute.day == CalendarDay(containing: date))
            #expect((0..<10_080).contains(minute.ofWeek))
            #expect(minute.ofWeek % 1440 == ((number % 1440) + 1440) % 1440)
            #expect(CalendarMinute(containing: date.addingTimeInterval(604_800)).ofWeek == minute.ofWeek)
        }
        #expect(CalendarMinute(containing: monday).ofWeek == 0)
        #expect(WeeklyHours("mon-fri@01:00-04:00,mon-fri@06:00-10:00")?.minutes == 35 * 60)
    }

    @Test func `a model that is called again an hour later is priced by that hour`() async throws {
        let clock = ManualTime(date: time(0.99))
        let pipeline = try Pipeline(
            router: .to("m"),
            prices: try table("v m input=1 output=0", "v m input=2 output=0 hours=01:00-04:00"),
            time: clock
        ) {
            ChatModel(
                "m",
                MockProvider(info: ProviderInfo(vendor: "v", modelID: "m")) { _, _ in
                    .answer(ChatResponse("fine", usage: Usage(input: 1000, output: 1)))
                }
            )
        }
        #expect(try await pipeline.respond(to: "hi").cost?.description == "$0.001")
        clock.advance(by: .seconds(60))
        #expect(try await pipeline.respond(to: "hi").cost?.description == "$0.002")
    }
}
