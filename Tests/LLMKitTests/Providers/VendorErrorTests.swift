import Foundation
import Testing

@testable import LLMKit

@Suite struct VendorErrorTests {
    static let key = "sk-live-abcdefghijklmnop1234"

    static func site(_ names: ErrorNames = .openAI) -> CallSite {
        CallSite(
            vendor: "openai",
            host: "api.example",
            model: "m-large",
            keyVariable: "OPENAI_API_KEY",
            errorNames: names,
            redact: Redaction(key)
        )
    }

    static func error(
        _ status: Int,
        _ body: String,
        _ headers: [HTTPHeader] = [],
        names: ErrorNames = .openAI
    ) -> LLMError {
        site(names).error(HTTPResponseHead(status: status, headers: headers), body: Array(body.utf8))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var body: String
        var code: LLMError.Code
        var vendorCode: String?
        /// Whose names for errors the body uses.
        var names = ErrorNames.openAI
        var testDescription: String { "\(status) \(code)" }
    }

    static let cases = [
        Case(
            status: 400,
            body: #"{"error":{"message":"bad","type":"invalid_request_error","code":null}}"#,
            code: .invalidRequest,
            vendorCode: "invalid_request_error"
        ),
        Case(
            status: 400,
            body: #"{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
            code: .contextLength,
            vendorCode: "context_length_exceeded"
        ),
        Case(
            status: 400,
            body:
                #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 205000 tokens > 200000 maximum"}}"#,
            code: .contextLength,
            vendorCode: "invalid_request_error"
        ),
        Case(
            status: 400,
            body:
                #"{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"BadRequestError","param":null,"code":400}}"#,
            code: .contextLength,
            vendorCode: "BadRequestError"
        ),
        Case(
            status: 401,
            body: #"{"error":{"message":"bad key","type":"invalid_request_error","code":"invalid_api_key"}}"#,
            code: .authentication,
            vendorCode: "invalid_api_key"
        ),
        Case(
            status: 402,
            body:
                #"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"#,
            code: .quotaExhausted,
            vendorCode: "invalid_request_error"
        ),
        Case(
            status: 403,
            body: #"{"error":{"message":"flagged","code":403,"metadata":{"reasons":["hate"]}}}"#,
            code: .contentFiltered
        ),
        Case(
            status: 403,
            body: #"{"error":{"message":"no","type":"permission_error"}}"#,
            code: .permission,
            vendorCode: "permission_error",
            names: .anthropic
        ),
        Case(
            status: 404,
            body: #"{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}"#,
            code: .notFound,
            vendorCode: "model_not_found"
        ),
        Case(
            status: 413,
            body: #"{"error":{"message":"TPM","type":"tokens","code":"rate_limit_exceeded"}}"#,
            code: .requestTooLarge,
            vendorCode: "rate_limit_exceeded"
        ),
        Case(
            status: 422,
            body: #"{"detail":[{"loc":["body","model"],"msg":"field required","type":"missing"}]}"#,
            code: .invalidRequest,
            vendorCode: "missing"
        ),
        Case(
            status: 429,
            body: #"{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}"#,
            code: .rateLimited,
            vendorCode: "rate_limit_exceeded"
        ),
        Case(
            status: 429,
            body: #"{"error":{"message":"pay","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            code: .quotaExhausted,
            vendorCode: "insufficient_quota"
        ),
        Case(
            status: 429,
            body:
                #"{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}},"request_id":"req_1"}"#,
            code: .quotaExhausted,
            vendorCode: "enforced_spend_limit_reached",
            names: .anthropic
        ),
        Case(
            status: 429,
            body: #"{"error":"Model is overloaded","error_type":"overloaded"}"#,
            code: .overloaded,
            vendorCode: "overloaded"
        ),
        Case(
            status: 429,
            body:
                #"{"object":"error","message":"Rate","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}"#,
            code: .rateLimited,
            vendorCode: "1300"
        ),
        Case(
            status: 400,
            body:
                #"{"error":{"code":"content_filter","message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
            code: .contentFiltered,
            vendorCode: "ResponsibleAIPolicyViolation",
            names: .azureOpenAI
        ),
        Case(
            status: 400,
            body: #"{"error":{"code":"DataInspectionFailed","message":"x"}}"#,
            code: .contentFiltered,
            vendorCode: "DataInspectionFailed",
            names: .dashScope
        ),
        Case(
            status: 429,
            body: #"{"error":{"code":"Throttling.RateQuota","message":"x"}}"#,
            code: .rateLimited,
            vendorCode: "Throttling.RateQuota",
            names: .dashScope
        ),
        Case(
            status: 498,
            body: #"{"error":{"message":"x","type":"capacity_exceeded"}}"#,
            code: .overloaded,
            vendorCode: "capacity_exceeded",
            names: .groq
        ),
        Case(
            status: 500,
            body: #"{"error":{"message":"x","type":"server_error"}}"#,
            code: .server,
            vendorCode: "server_error"
        ),
        Case(
            status: 503,
            body: #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            code: .overloaded,
            vendorCode: "unavailable_error",
            names: .llamaCpp
        ),
        Case(
            status: 529,
            body: #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            code: .overloaded,
            vendorCode: "overloaded_error",
            names: .anthropic
        ),
        Case(status: 200, body: #"{"error":{"code":402,"message":"no credits"}}"#, code: .quotaExhausted),
        Case(status: 404, body: #"{"error":"model 'm' not found"}"#, code: .notFound),
        Case(
            status: 400,
            body: #"[{"error":{"message":"x","status":"INVALID_ARGUMENT"}}]"#,
            code: .invalidRequest,
            vendorCode: "INVALID_ARGUMENT"
        ),
    ]

    @Test(arguments: cases)
    func `every error body gives one class`(example: Case) {
        let error = Self.error(example.status, example.body, names: example.names)
        #expect(error.code == example.code)
        #expect(Self.error(example.status, example.body, names: .anyVendor).code == example.code)
        #expect(error.vendorCode == example.vendorCode)
        #expect(error.status == example.status)
    }

    @Test func `a name means what its own format says, and nothing elsewhere`() {
        let body = #"{"error":{"message":"m","type":"billing_error"}}"#
        #expect(Self.error(400, body, names: .anthropic).code == .quotaExhausted)
        #expect(Self.error(400, body, names: .openAI).code == .invalidRequest)
        for dialect in OpenAIDialect.presets {
            #expect(
                Self.error(400, #"{"error":{"code":"insufficient_quota"}}"#, names: dialect.errorNames).code
                    == .quotaExhausted
            )
        }
    }

    @Test func `a spent quota is not worth another try, an overload is`() {
        #expect(!Self.error(429, #"{"error":{"code":"insufficient_quota"}}"#).isRetryable)
        #expect(Self.error(529, #"{"error":{"type":"overloaded_error"}}"#, names: .anthropic).isRetryable)
        let header = HTTPHeader("X-Should-Retry", "false")
        #expect(!Self.error(529, #"{"error":{"type":"overloaded_error"}}"#, [header]).isRetryable)
    }

    @Test func `a web page says that it is one, and what to check`() {
        let page = "<!DOCTYPE html>\n<html><head><title>\n 502 Bad Gateway </title></head><body>…"
        let error = Self.error(502, page)
        #expect(error.code == .server)
        #expect(error.message.contains("api.example"))
        #expect(error.message.contains("502 Bad Gateway"))
        #expect(error.message.contains("base URL"))
        #expect(Self.error(200, page).code == .malformedResponse)
    }

    @Test(arguments: ["", "upstream connect error", "\u{0}\u{1}", #"{"unexpected":true}"#, "[]", #"{"error":"#])
    func `anything else still gives a class by its status`(body: String) {
        #expect(Self.error(503, body).code == .overloaded)
        #expect(Self.error(503, body).message.contains("503"))
    }

    @Test func `bytes that are not UTF-8 give an error, not a trap`() {
        let body: [UInt8] = Array(#"{"error":{"message":""#.utf8) + [0xFF, 0xFE] + Array(#""}}"#.utf8)
        let error = Self.site().error(HTTPResponseHead(status: 400, headers: []), body: body)
        #expect(error.code == .invalidRequest)
    }

    @Test func `a key in an error body goes no further`() {
        let key = Self.key
        let body =
            #"{"error":{"message":"Incorrect API key provided: \#(key). Bearer \#(key) sk-other-key-123","code":"\#(key)","type":"\#(key)"},"request_id":"\#(key)"}"#
        let bodies = [body, key, "<html><title>\(key)</title>", #"{"error":"\#(key)"}"#, #"{"detail":"\#(key)"}"#]
        for body in bodies {
            for status in [200, 401, 500] {
                let error = Self.error(status, body, [HTTPHeader("x-request-id", key)])
                let dump =
                    "\(error) \(String(reflecting: error)) \(error.vendorCode ?? "") \(error.vendorRequestID ?? "")"
                #expect(!dump.contains(key))
                #expect(!dump.contains(key.lowercased()))
                #expect(!dump.contains("sk-other-key-123"))
            }
        }
    }

    @Test func `a key of no known form goes no further either, in whatever it is dressed`() {
        let key = "Zq7-Hidden-Key-0123456789"
        let site = CallSite(
            vendor: "v",
            host: "h",
            model: "m",
            keyVariable: nil,
            errorNames: .openAI,
            redact: Redaction(key)
        )
        let bodies = [
            "<html><head><title>Denied \(key)</title></head>", key, "\(key)\u{301} is wrong",
            #"{"error":{"message":"\#(key)\u0301 is wrong","code":"\#(key)"}}"#,
        ]
        for body in bodies {
            let error = site.error(HTTPResponseHead(status: 401, headers: []), body: Array(body.utf8))
            #expect(!"\(error) \(error.vendorCode ?? "")".lowercased().contains(key.lowercased()), "\(error)")
        }
    }

    @Test func `credentials in extra headers are secrets too, settings are not`() {
        let redact = Redaction(
            nil,
            headers: [
                HTTPHeader("CF-AIG-Authorization", "Bearer gateway-credential"), HTTPHeader("X-Feature", "blue-whale"),
                HTTPHeader("X-Token-Limit", "1000"),
            ]
        )
        #expect(redact("refused gateway-credential, blue-whale, 1000") == "refused [key], blue-whale, 1000")
        #expect(redact.identifier("req-gateway-credential") == nil)
    }

    @Test func `a key that an answer repeats reaches no field that is written down`() {
        let redact = Redaction("hunter2-hunter2")
        for echo in ["a hunter2-hunter2 b", "hunter2-hunter2", "x:hunter2-hunter2"] {
            var response = ChatResponse(
                .assistant("A"),
                finish: .other(echo),
                servedModel: echo,
                id: echo,
                vendorRequestID: echo
            )
            response.serviceTier = ServiceTier(echo)
            redact.clean(&response)
            #expect(response.finish == .other("unknown"))
            #expect(response.servedModel == nil)
            #expect(response.id == nil)
            #expect(response.vendorRequestID == nil)
            #expect(response.serviceTier == ServiceTier("unknown"))
        }
    }

    @Test func `what an answer says is kept where no key is in it`() {
        var response = ChatResponse(
            .assistant("A"),
            finish: .other("pause_turn"),
            servedModel: "vendor/m-large:free",
            id: "msg_1",
            vendorRequestID: "req_1"
        )
        response.serviceTier = .priority
        let before = response
        Redaction("hunter2-hunter2").clean(&response)
        #expect(response == before)
    }

    @Test func `answers that were written under the field's old name are still read`() throws {
        var response = ChatResponse("A")
        response.vendorRequestID = "req_1"
        var text = String(decoding: try JSONEncoder().encode(response), as: UTF8.self)
        #expect(text.contains(#""requestID":"req_1""#))
        text = text.replacing(#""requestID":"req_1""#, with: #""requestID":"req_0""#)
        #expect(try JSONDecoder().decode(ChatResponse.self, from: Data(text.utf8)).vendorRequestID == "req_0")
    }

    @Test func `messages are cut, and on one line`() {
        let error = Self.error(400, #"{"error":{"message":"a\nb\#(String(repeating: "c", count: 900))"}}"#)
        #expect(error.message.count < 400)
        #expect(error.message.contains("a b"))
    }

    @Test func `hints name the variable of the key, and the model`() {
        #expect(Self.error(401, #"{"error":{"message":"no"}}"#).message.contains("OPENAI_API_KEY"))
        #expect(Self.error(404, #"{"error":{"message":"no"}}"#).message.contains("m-large"))
    }

    @Test func `the vendor's request id comes from the header, else from the body`() {
        let body = #"{"error":{"type":"api_error","message":"m"},"request_id":"req_1"}"#
        #expect(Self.error(500, body).vendorRequestID == "req_1")
        #expect(Self.error(500, body, [HTTPHeader("Request-ID", "req_2")]).vendorRequestID == "req_2")
    }
}
