import Testing

@testable import LLMKit

/// What errors mean that have no name of their own, or one that means something else.
@Suite struct ErrorWordingTests {
    private func code(_ status: Int, _ body: String, _ names: ErrorNames = .anyVendor) -> LLMError.Code {
        VendorErrorTests.error(status, body, names: names).code
    }

    private func said(_ message: String, _ status: Int) -> LLMError.Code {
        code(status, #"{"error":{"message":"\#(message)","type":"invalid_request_error","code":null}}"#)
    }

    @Test(arguments: [
        (400, "You have reached your specified API usage limits. You will regain access on 2026-04-01 at 00:00 UTC."),
        (400, "You have reached your specified workspace API usage limits."),
        (403, "Key limit exceeded (total limit). Manage it in your settings"),
        (403, "Key limit exceeded (daily limit)."),
        (
            412,
            "Account acme is suspended, possibly due to reaching the monthly spending limit or failure to pay invoices."
        ),
        (401, "Insufficient balance. Manage your billing here: https://example.com"),
        (401, "No payment method. Add a payment method here"),
        (403, "The selected model requires paid balance. Your paid balance is insufficient. Please top up."),
        (403, "Sorry, your account balance is insufficient"),
        (429, "余额不足或无可用资源包,请充值。"),
        (429, "您的账户已欠费，请充值后重试。"),
        (429, "you (name) have reached your weekly usage limit, upgrade for higher limits"),
        (429, "The monthly cap of this user is reached"),
        (403, "The request failed because your account has an overdue balance."),
        (403, "Your newly created team doesn't have any credits or licenses yet."),
        (429, "Your team has either used all available credits or reached its monthly spending limit."),
        (200, "You have exceeded your monthly token limit"),
        (400, "You have exceeded your monthly token limit"),
        (200, "Daily token limit exceeded for your key"),
    ])
    func `money that is out is no rate, whatever the status`(status: Int, message: String) {
        #expect(said(message, status) == .quotaExhausted)
        #expect(!VendorErrorTests.error(status, #"{"error":{"message":"\#(message)"}}"#).isRetryable)
    }

    @Test(arguments: [
        "This request exceeds the limit of 30000 tokens per minute",
        "Rate limit reached for m on tokens per day (TPD): Limit 100000, Used 99000. Please try again in 7m.",
        "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day",
        "This request would exceed your account's rate limit. Please try again later.",
        "您的账户已达到速率限制，请您控制请求频率",
        "Requests have exceeded token rate limit of your current pricing tier. Please retry after 86400 seconds.",
        "You exceeded your current usage limit, try again in 20 minutes",
    ])
    func `rates that pass are no money`(message: String) {
        #expect(code(429, #"{"error":{"message":"\#(message)"}}"#) == .rateLimited)
    }

    @Test(arguments: [
        #"{"error":{"type":"CreditsError","message":"x"}}"#,
        #"{"error":{"code":"SPEND_LIMIT_EXCEEDED","message":"x"}}"#,
        #"{"error":{"code":"AccountOverdueError","message":"x"}}"#,
        #"{"error":{"type":"new_api_error","code":"pre_consume_token_quota_failed","message":"x"}}"#,
        #"{"base_resp":{"status_code":1008,"status_msg":"x"}}"#,
    ])
    func `so say the names that gateways give it`(body: String) {
        for status in [200, 401, 403, 429] { #expect(code(status, body) == .quotaExhausted) }
    }

    @Test(arguments: [
        "Input length 877338 exceeds the maximum allowed input length of 639968 tokens",
        "Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).",
        "Prompt exceeds maximum input sequence length (51200 tokens): prompt_tokens=52113",
        "Requested input length 33000 exceeds maximum input length 32768",
        "generating 1 tokens requires a sequence length of 20001, but the maximum supported sequence length is 16384!",
        "Prompt length (9000) exceeds maximum input length (8192).",
        "The sum of prompt length (6999.0), query length (0) should not exceed max_num_tokens (2048)",
        "Input validation error: `inputs` must have less than 1024 tokens. Given: 1049",
        "Total tokens of image and text exceed max message tokens.",
        "Input token length too long",
        "input_ids size (3216) + current sequence length (0) exceeds max length (2048)",
        "Token indices sequence length is longer than the specified maximum sequence length for this model (1286 > 1024).",
        "the max input characters is 11200 but the prompt has 20000",
        "Prompt 超长",
        "total tokens 300000 exceeds model limit 256000",
        "inputs tokens + max_new_tokens must be <= 32768",
        "The input length is greater than session_len 8192",
        "Prompt is longer than the context 4096",
    ])
    func `too long is too long in everybody's words`(message: String) {
        #expect(said(message, 400) == .contextLength)
        #expect(said(message, 200) == .contextLength)
    }

    @Test(arguments: [
        "Image exceeds the maximum size of 5 MB", "stop sequences exceed the limit of 4",
        "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for m",
        "This model supports at most 4096 completion tokens, whereas you provided 10000",
        "Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64.",
        "too many images: the maximum number of images per prompt exceeds 20",
    ])
    func `other things that are too much are not`(message: String) {
        #expect(said(message, 400) == .invalidRequest)
    }

    @Test(arguments: [
        (#"{"error":{"message":"Input validation error: x","http_status_code":422}}"#, LLMError.Code.invalidRequest),
        (#"{"error":"Input validation error: x","error_type":"validation"}"#, .invalidRequest),
        (#"{"code":"InvalidParameter","message":"Role must be in [user]","request_id":"r"}"#, .invalidRequest),
        (#"{"code":"InvalidParameter.DataFormat","message":"x"}"#, .invalidRequest),
        (#"{"error":{"message":"wall","type":"rate_limit_error"}}"#, .rateLimited),
        (#"{"error":{"message":"wall","type":"rate_limit_reached_error"}}"#, .rateLimited),
        (#"{"error":{"message":"wall","type":"RateLimitError"}}"#, .rateLimited),
        (#"{"error":{"message":"wall","type":"too_many_requests"}}"#, .rateLimited),
        (#"{"error":{"message":"wall","code":"limit_requests"}}"#, .rateLimited),
        (#"{"__type":"com.example#ThrottlingException","message":"wall"}"#, .rateLimited),
        (#"{"error":{"message":"Unauthorized","type":"authentication_error"}}"#, .authentication),
        (#"{"error":{"message":"Invalid token","type":"new_api_error","code":""}}"#, .authentication),
        (#"{"error":{"message":"wall","type":"something_new"}}"#, .server),
    ])
    func `a refusal that comes as a success is a refusal`(body: String, expected: LLMError.Code) {
        for names in [ErrorNames.openAI, .dashScope, .anyVendor] { #expect(code(200, body, names) == expected) }
    }

    @Test(arguments: [
        (1002, LLMError.Code.rateLimited), (1039, .rateLimited), (1004, .authentication), (2049, .authentication),
        (2013, .invalidRequest), (1008, .quotaExhausted), (1026, .contentFiltered), (1000, .server),
    ])
    func `MiniMax's numbers are read where they stand`(number: Int, expected: LLMError.Code) {
        let body = #"{"base_resp":{"status_code":\#(number),"status_msg":"the tide is out"}}"#
        #expect(code(200, body) == expected && code(200, body, .anthropic) == expected)
        #expect(VendorErrorTests.error(200, body).message.contains("the tide is out"))
    }

    @Test func `a body's status cannot make a refusal something else`() {
        #expect(code(429, #"{"error":{"message":"wall","code":500}}"#) == .rateLimited)
        #expect(code(401, #"{"error":{"message":"wall","code":400}}"#) == .authentication)
        #expect(code(500, #"{"error":{"message":"wall","code":"429"}}"#) == .rateLimited)
        #expect(code(200, #"{"error":{"message":"wall","code":404}}"#) == .notFound)
    }

    @Test(arguments: [
        (#"{"title":"Errors occurred.","errors":{"$.messages[0].content":["the tide is out"]}}"#, "Errors occurred."),
        (#"{"message":"Errors occurred.","errors":{"model":["the tide is out"]}}"#, "Errors occurred."),
        (#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"Tide","Message":"the tide is out"}}}"#, "(Tide)"),
        (#"{"statusCode":400,"body":"{\"error\":{\"message\":\"the tide is out\"}}"}"#, "400"),
        (#"{"error":{"message":"{\"error\":{\"message\":\"the tide is out\",\"type\":\"tide\"}}"}}"#, "(tide)"),
        (#"<?xml version="1.0"?><Error><Code>X</Code><Message>the tide is out</Message></Error>"#, "400"),
    ])
    func `the words are found in whatever form they come`(body: String, beside: String) {
        let message = VendorErrorTests.error(400, body).message
        #expect(message.contains("the tide is out") || beside == "Errors occurred.")
        #expect(message.contains(beside))
        #expect(!message.contains("{") && !message.contains("<"))
    }

    @Test func `an error inside of an error's message gives its class`() {
        let inner = #"{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"#
        #expect(
            code(200, #"{"type":"error","error":{"type":"api_error","message":"\#(inner)"}}"#, .anthropic)
                == .overloaded
        )
    }
}
