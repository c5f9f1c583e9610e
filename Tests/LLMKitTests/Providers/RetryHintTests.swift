import Foundation
import Testing

@testable import LLMKit

@Suite struct RetryHintTests {
    /// 2026-01-02T03:04:05Z.
    static let now = Date(timeIntervalSince1970: 1_767_323_045)

    static let cases: [([String: String], Duration?)] = [
        (["retry-after": "3"], .seconds(3)),
        (["Retry-After": "0.25"], .milliseconds(250)),
        (["retry-after-ms": "1500", "retry-after": "9"], .milliseconds(1_500)),
        (["retry-after": "Fri, 02 Jan 2026 03:04:35 GMT"], .seconds(30)),
        (["retry-after": "Friday, 02-Jan-26 03:04:35 GMT"], .seconds(30)),
        (["retry-after": "Fri Jan  2 03:04:35 2026"], .seconds(30)),
        (["retry-after": "Fri, 02 Jan 2026 03:00:00 GMT"], .zero),
        (["retry-after": "Fri, 02 Jan 2026 03:04:35 GMT", "date": "Fri, 02 Jan 2026 03:04:25 GMT"], .seconds(10)),
        (["retry-after": "soon"], nil),
        (["retry-after": "-5"], nil),
        (["retry-after": "nan"], nil),
        (["retry-after": "1e300"], .seconds(10 * 365 * 86_400)),
        (["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"], .seconds(360)),
        (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20ms"], .milliseconds(20)),
        (["x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "20ms"], nil),
        (
            [
                "anthropic-ratelimit-tokens-remaining": "0",
                "anthropic-ratelimit-tokens-reset": "2026-01-02T03:05:05Z",
            ], .seconds(60)
        ),
        ([:], nil),
    ]

    @Test(arguments: cases)
    func `waits are read in every form that vendors write them`(headers: [String: String], wait: Duration?) {
        let head = HTTPResponseHead(status: 429, headers: headers.map { HTTPHeader($0.key, $0.value) })
        #expect(RetryHints(head, now: Self.now).after == wait)
    }

    @Test(arguments: [("1s", 1.0), ("1h2m3.5s", 3_723.5), ("20ms", 0.02), ("7", 7), ("1d", 86_400)])
    func `durations add up`(text: String, seconds: Double) {
        #expect(RetryHints.seconds(ofDuration: text) == seconds)
    }

    @Test(arguments: ["", "s", "1x", "1s2", "ms1", "-1s"])
    func `what is no duration is none`(text: String) {
        #expect(text.isEmpty || RetryHints.seconds(ofDuration: text) == nil)
    }
}
