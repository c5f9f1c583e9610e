import CCurl
import PortableFoundation

/// What the headers of an error say about trying again.
struct RetryHints: Hashable {
    /// How long to wait.
    var after: Duration?
    /// Whether to try again at all, from `x-should-retry`.
    var shouldRetry: Bool?

    /// Waits beyond this are not believed, and would not fit a clock.
    private static let limit: Double = 10 * 365 * 86_400

    init(_ head: HTTPResponseHead, now: Date = Date()) {
        switch head.header("x-should-retry")?.lowercased() {
        case "true": shouldRetry = true
        case "false": shouldRetry = false
        default: break
        }
        // The vendor's own clock is the better measure of its dates, where it tells it.
        let now = head.header("date").flatMap(Self.seconds(ofDate:)) ?? now.timeIntervalSince1970
        let seconds =
            Self.number(head.header("retry-after-ms")).map { $0 / 1_000 }
            ?? Self.number(head.header("retry-after"))
            ?? head.header("retry-after").flatMap(Self.seconds(ofDate:)).map { max(0, $0 - now) }
            ?? Self.resetOfSpentLimit(head, now: now)
        after = seconds.map { .milliseconds(Int64((min($0, Self.limit) * 1_000).rounded(.up))) }
    }

    private static func number(_ text: String?) -> Double? {
        guard let text, let value = Double(text), value.isFinite, value >= 0 else { return nil }
        return value
    }

    /// Seconds since 1970 of an HTTP date, in any of its three forms (RFC 9110, 5.6.7).
    private static func seconds(ofDate text: String) -> Double? {
        let time = curl_getdate(text, nil)
        return time < 0 ? nil : Double(time)
    }

    /// The longest reset among the limits that are used up: OpenAI's `x-ratelimit-reset-tokens: 6m0s`, Anthropic's
    /// `anthropic-ratelimit-tokens-reset: 2026-01-02T03:04:05Z`.
    private static func resetOfSpentLimit(_ head: HTTPResponseHead, now: Double) -> Double? {
        var longest: Double?
        for header in head.headers {
            let name = header.name.lowercased()
            let resetName: String
            if name.hasPrefix("x-ratelimit-remaining-") {
                resetName = name.replacing("-remaining-", with: "-reset-")
            } else if name.hasPrefix("anthropic-ratelimit-"), name.hasSuffix("-remaining") {
                resetName = name.replacing("-remaining", with: "-reset")
            } else {
                continue
            }
            guard number(header.value) == 0,
                let reset = head.headers.first(where: { $0.name.lowercased() == resetName })?.value
            else { continue }
            let wait = seconds(ofDuration: reset) ?? instant(reset).map { max(0, $0 - now) }
            if let wait { longest = max(longest ?? 0, wait) }
        }
        return longest
    }

    /// The seconds of a duration such as `20ms`, `1s`, `6m0s` or `1h2m3.5s`; bare numbers are seconds.
    static func seconds(ofDuration text: String) -> Double? {
        if let seconds = number(text) { return seconds }
        var rest = text[...]
        var sum = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = number(String(digits)), let factor = units[String(unit)] else { return nil }
            sum += value * factor
        }
        return sum
    }

    private static let units = ["ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400]

    /// Seconds since 1970 of an RFC 3339 time.
    private static func instant(_ text: String) -> Double? {
        (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970
    }
}
