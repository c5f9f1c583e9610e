import Testing

@testable import LLMKit

@Suite struct VendorUsageTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var json: String
        var usage: Usage
        var addsUp = true
        var testDescription: String { name }
    }

    static let openAI = [
        Case(
            name: "cached tokens are a part of the prompt",
            json:
                #"{"prompt_tokens":1200,"completion_tokens":40,"total_tokens":1240,"prompt_tokens_details":{"cached_tokens":1024,"cache_write_tokens":100}}"#,
            usage: Usage(input: 76, cacheRead: 1_024, cacheWrite5m: 100, output: 40, reportedTotal: 1_240)
        ),
        Case(
            name: "DeepSeek: hits and misses",
            json:
                #"{"prompt_tokens":90,"completion_tokens":5,"total_tokens":95,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":26}"#,
            usage: Usage(input: 26, cacheRead: 64, output: 5, reportedTotal: 95)
        ),
        Case(
            name: "hits and misses alone make a prompt",
            json: #"{"completion_tokens":5,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":26}"#,
            usage: Usage(input: 26, cacheRead: 64, output: 5)
        ),
        Case(
            name: "xAI: reasoning beside the completion",
            json:
                #"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":115,"completion_tokens_details":{"reasoning_tokens":100}}"#,
            usage: Usage(input: 10, output: 105, reasoning: 100, reportedTotal: 115)
        ),
        Case(
            name: "reasoning beside a longer completion",
            json:
                #"{"prompt_tokens":10,"completion_tokens":50,"total_tokens":80,"completion_tokens_details":{"reasoning_tokens":20}}"#,
            usage: Usage(input: 10, output: 70, reasoning: 20, reportedTotal: 80)
        ),
        Case(
            name: "Perplexity: reasoning that the total leaves out is billed, and flagged",
            json:
                #"{"prompt_tokens":108,"completion_tokens":3256,"total_tokens":3364,"citation_tokens":7299,"reasoning_tokens":73248}"#,
            usage: Usage(input: 108, output: 76_504, reasoning: 73_248, reportedTotal: 3_364),
            addsUp: false
        ),
        Case(
            name: "reasoning that is counted with its marks is still a part of the completion",
            json:
                #"{"prompt_tokens":10,"completion_tokens":50,"total_tokens":60,"completion_tokens_details":{"reasoning_tokens":52}}"#,
            usage: Usage(input: 10, output: 50, reasoning: 50, reportedTotal: 60)
        ),
        Case(
            name: "names of libraries",
            json: #"{"promptTokens":77,"completionTokens":16,"totalTokens":93}"#,
            usage: Usage(input: 77, output: 16, reportedTotal: 93)
        ),
        Case(
            name: "a gateway that counts cached tokens beside the prompt",
            json:
                #"{"prompt_tokens":150,"completion_tokens":40,"total_tokens":1214,"prompt_tokens_details":{"cached_tokens":1024}}"#,
            usage: Usage(input: 150, cacheRead: 1_024, output: 40, reportedTotal: 1_214)
        ),
        Case(
            name: "what only the total shows is billed as output, and flagged as our reading",
            json: #"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":99}"#,
            usage: Usage(input: 10, output: 89, reasoning: 84, reportedTotal: 99, isEstimated: true)
        ),
        Case(
            name: "a total that is less than its parts is flagged",
            json: #"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":9}"#,
            usage: Usage(input: 10, output: 5, reportedTotal: 9),
            addsUp: false
        ),
        Case(
            name: "a total and one part tell the other",
            json: #"{"prompt_tokens":10,"total_tokens":99}"#,
            usage: Usage(input: 10, output: 89, reportedTotal: 99)
        ),
        Case(
            name: "the same tokens told as read and as written were read",
            json:
                #"{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"prompt_tokens_details":{"cached_tokens":900},"cache_creation_input_tokens":900}"#,
            usage: Usage(input: 100, cacheRead: 900, output: 5, reportedTotal: 1_005)
        ),
        Case(
            name: "counts as text and with fractions, under the names of another interface",
            json: #"{"input_tokens":"1450","output_tokens":27.0,"total_tokens":"1477.0"}"#,
            usage: Usage(input: 1_450, output: 27, reportedTotal: 1_477)
        ),
        Case(
            name: "more cached than there was is flagged",
            json: #"{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":99}}"#,
            usage: Usage(input: 0, cacheRead: 99, output: 5, reportedTotal: 15),
            addsUp: false
        ),
        Case(
            name: "negative and absurd counts are held to a range",
            json: #"{"prompt_tokens":-5,"completion_tokens":99999999999999999999,"prompt_tokens_details":null}"#,
            usage: Usage(input: 0, output: 1 << 53)
        ),
        Case(
            name: "counts with a fraction, as text, or missing",
            json: #"{"prompt_tokens":7.0,"completion_tokens":"many","total_tokens":null}"#,
            usage: Usage(input: 7, output: 0)
        ),
    ]

    @Test(arguments: openAI)
    func `OpenAI's dialects give disjoint classes`(example: Case) throws {
        let usage = try read(example.json)
        #expect(usage.normalised == example.usage)
        #expect(usage.normalised.addsUp == example.addsUp)
    }

    private func read(_ json: String...) throws -> OpenAIUsage {
        var usage = OpenAIUsage()
        for text in json {
            var text = text
            try text.withUTF8 { bytes in
                var reader = JSONReader(bytes)
                try usage.read(&reader)
                try reader.expectEnd()
            }
        }
        return usage
    }

    @Test func `the last report of all counts, be it lower`() throws {
        let usage = try read(
            #"{"prompt_tokens":1200,"completion_tokens":1,"total_tokens":1201,"prompt_tokens_details":{"cached_tokens":64}}"#,
            #"{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}"#,
            "null",
            #"{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}"#
        )
        #expect(usage.normalised == Usage(input: 936, cacheRead: 64, output: 100, reportedTotal: 1_100))
    }

    @Test(arguments: [
        // The beginning does not know yet what was cached, or estimates.
        (
            #"{"input_tokens":8834,"output_tokens":0}"#,
            #"{"input_tokens":18,"output_tokens":426,"cache_creation_input_tokens":0,"cache_read_input_tokens":8831}"#,
            Usage(input: 18, cacheRead: 8_831, output: 426)
        ),
        (
            #"{"input_tokens":1000,"output_tokens":0}"#,
            #"{"input_tokens":200,"output_tokens":5,"cache_creation_input_tokens":800,"cache_read_input_tokens":0}"#,
            Usage(input: 200, cacheWrite5m: 800, output: 5)
        ),
        (
            #"{"input_tokens":1000,"output_tokens":0}"#,
            #"{"input_tokens":0,"output_tokens":5,"cache_read_input_tokens":1000}"#,
            Usage(input: 0, cacheRead: 1_000, output: 5)
        ),
        (
            #"{"input_tokens":9100,"output_tokens":1}"#, #"{"input_tokens":8700,"output_tokens":16}"#,
            Usage(input: 8_700, output: 16)
        ),
        // Zeros and gaps are no report.
        (
            #"{"input_tokens":20,"cache_read_input_tokens":500,"output_tokens":1}"#,
            #"{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":16}"#,
            Usage(input: 20, cacheRead: 500, output: 16)
        ),
        (
            #"{"input_tokens":20,"output_tokens":1}"#, #"{"input_tokens":null,"output_tokens":16}"#,
            Usage(input: 20, output: 16)
        ),
        (
            #"{"prompt_tokens":77,"completion_tokens":0}"#, #"{"prompt_tokens":77,"completion_tokens":16}"#,
            Usage(input: 77, output: 16)
        ),
    ])
    func `the end of a Messages stream knows better than its beginning`(
        start: String,
        end: String,
        expected: Usage
    ) throws {
        let outcome = try Replay.stream(
            #"{"type":"message_start","message":{"id":"m","usage":\#(start)}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":\#(end)}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.usage == expected)
    }

    @Test func `running counts end in the highest`() throws {
        let usage = try read(
            #"{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}"#,
            "null",
            #"{"prompt_tokens":10,"completion_tokens":9,"total_tokens":19}"#,
            #"{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}"#
        )
        #expect(usage.normalised == Usage(input: 10, output: 9, reportedTotal: 19))
    }

    @Test func `Groq's usage lies in its own object`() throws {
        let outcome = try Replay.stream(
            #"{"choices":[{"delta":{"content":"A"}}]}"#,
            #"{"choices":[{"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9,"queue_time":0.1}}}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(outcome.response.usage == Usage(input: 8, output: 1, reportedTotal: 9))
    }

    static let anthropic = [
        Case(
            name: "cached tokens are beside the input",
            json: #"{"input_tokens":150,"cache_read_input_tokens":1024,"output_tokens":40}"#,
            usage: Usage(input: 150, cacheRead: 1_024, output: 40)
        ),
        Case(
            name: "writes are split by their time to live",
            json:
                #"{"input_tokens":20,"cache_creation_input_tokens":1300,"cache_creation":{"ephemeral_5m_input_tokens":300,"ephemeral_1h_input_tokens":1000},"output_tokens":55,"output_tokens_details":{"thinking_tokens":30}}"#,
            usage: Usage(input: 20, cacheWrite5m: 300, cacheWrite1h: 1_000, output: 55, reasoning: 30)
        ),
        Case(
            name: "writes without a split last five minutes",
            json: #"{"input_tokens":20,"cache_creation_input_tokens":1300,"output_tokens":5}"#,
            usage: Usage(input: 20, cacheWrite5m: 1_300, output: 5)
        ),
        Case(
            name: "rounds of one call, compaction among them, are all billed",
            json:
                #"{"input_tokens":20000,"output_tokens":900,"iterations":[{"type":"compaction","input_tokens":150000,"output_tokens":3000},{"type":"message","input_tokens":20000,"output_tokens":900,"cache_read_input_tokens":7}]}"#,
            usage: Usage(input: 170_000, cacheRead: 7, output: 3_900)
        ),
        Case(
            name: "a split that exceeds its sum is flagged",
            json:
                #"{"input_tokens":20,"cache_creation_input_tokens":100,"cache_creation":{"ephemeral_1h_input_tokens":150},"output_tokens":5}"#,
            usage: Usage(input: 20, cacheWrite1h: 150, output: 5, reportedTotal: 125),
            addsUp: false
        ),
    ]

    @Test(arguments: anthropic)
    func `Anthropic's classes stay disjoint`(example: Case) throws {
        var usage = AnthropicUsage()
        var text = example.json
        try text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            try usage.read(&reader, isFinal: true)
        }
        #expect(usage.normalised == example.usage)
        #expect(usage.normalised.addsUp == example.addsUp)
    }

    @Test(arguments: [
        (#""service_tier":"standard","inference_geo":"global","speed":"standard""#, "standard"),
        (
            #""server_tool_use":{"web_search_requests":0,"web_fetch_requests":3},"inference_geo":"not_available""#,
            "standard"
        ),
        (#""server_tool_use":null,"inference_geo":null"#, "standard"),
        (#""server_tool_use":{"web_search_requests":2}"#, "standard+web_search"),
        (#""service_tier":"standard","inference_geo":"us","speed":"fast""#, "standard+fast+us"),
        (#""service_tier":"priority","inference_geo":"us""#, "priority+us"),
    ])
    func `what costs extra at Anthropic has an unknown cost, not one that is too low`(
        extra: String,
        tier: String
    ) throws {
        let body =
            #"{"type":"message","id":"m","model":"c","content":[],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2,\#(extra)}}"#
        let response = try Replay.whole(body, AnthropicDecoder())
        #expect(response.serviceTier.description == tier)
        #expect(response.usage == Usage(input: 1, output: 2))
        let cost = FixtureReplayTests.price.cost(of: response.usage, service: response.serviceTier)
        #expect((cost == nil) == (tier != "standard"))
    }

    @Test func `cache counts count in whichever event a gateway puts them`() throws {
        let start = #"{"type":"message_start","message":{"id":"m","usage":{"input_tokens":0,"output_tokens":1}}}"#
        let delta =
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":150,"cache_read_input_tokens":1024,"output_tokens":40}}"#
        let outcome = try Replay.stream(start, delta, #"{"type":"message_stop"}"#, decoder: AnthropicDecoder())
        #expect(outcome.response.usage == Usage(input: 150, cacheRead: 1_024, output: 40))
    }

    @Test func `usage that was never reported is estimated, and says so`() throws {
        var decoder = OpenAIDecoder()
        let body = Array(#"{"choices":[{"message":{"content":"twelve bytes"},"finish_reason":"stop"}]}"#.utf8)
        try body.withUnsafeBufferPointer { bytes in try decoder.readAnswer(bytes) }
        let usage = decoder.reportedUsage.filled(inputByteCount: 41, isComplete: true)
        #expect(usage == Usage(input: 11, output: 3, isEstimated: true))
    }
}
