import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Whatever an upstream sends, one clear error comes out, and the books are closed.
@Suite struct BadInputTests {
    typealias Vendor = ProviderLoopbackTests.Vendor

    static let key = "Zq7-bad-input-0123456789abcdef"

    enum Case: CaseIterable {
        case otherShape, webPage, errorInside, noEnd, tooLarge, empty, refusedKey
    }

    struct Example: Sendable, CustomTestStringConvertible {
        var bad: Case
        var vendor: Vendor
        var isStream: Bool
        var testDescription: String { "\(bad), \(vendor), \(isStream ? "streamed" : "whole")" }

        static let all = Case.allCases.flatMap { bad in
            Vendor.allCases.flatMap { vendor in
                [false, true].map { Example(bad: bad, vendor: vendor, isStream: $0) }
            }
        }

        /// The code of the error, and what its message must say to do.
        var expected: (code: LLMError.Code, advice: String) {
            switch bad {
            case .otherShape: (.malformedResponse, "check that what answers at 127.0.0.1 speaks this API")
            case .webPage: (.server, "check the base URL, and any proxy")
            case .errorInside: (.rateLimited, "try again later")
            case .noEnd where isStream: (.truncated, "try again")
            case .noEnd: (.network, "the connection broke")
            case .tooLarge: (.responseTooLarge, "raise HTTPClient.Configuration.maxBodyBytes")
            case .empty where isStream: (.truncated, "try again")
            case .empty: (.malformedResponse, "check the base URL")
            case .refusedKey: (.authentication, "check the key")
            }
        }

        /// The beginning of an answer in the vendor's words, up to within its text.
        var beginning: String {
            switch (vendor, isStream) {
            case (.openAI, false): #"{"choices":[{"message":{"content":"A seal"#
            case (.openAI, true): #"data: {"choices":[{"delta":{"content":"A seal"#
            case (.anthropic, false): #"{"type":"message","content":[{"type":"text","text":"A seal"#
            case (.anthropic, true):
                #"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"A seal"#
            }
        }

        /// What closes it.
        var end: String {
            switch (vendor, isStream) {
            case (.openAI, false): #""},"finish_reason":"stop"}]}"#
            case (.openAI, true): "\"}}]}\n\n"
            case (.anthropic, false): #""}],"stop_reason":"end_turn"}"#
            case (.anthropic, true): "\"}}\n\n"
            }
        }

        func answer(_ responder: LoopbackServer.Responder) {
            let headers = ["Content-Type": isStream ? "text/event-stream" : "application/json"]
            switch bad {
            case .otherShape:
                let shape =
                    vendor == .openAI ? #"{"choices":[5]}"# : #"{"type":"message_start","message":5,"content":5}"#
                responder.respond(headers: headers, body: isStream ? "data: \(shape)\n\n" : shape)
            case .webPage:
                responder.respond(status: 502, headers: ["Content-Type": "text/html"], body: "<html><title>Bad gateway")
            case .errorInside:
                responder.respond(headers: headers, body: isStream ? "data: \(vendor.errorBody)\n\n" : vendor.errorBody)
            case .noEnd where isStream: responder.respond(headers: headers, body: beginning + end)
            case .noEnd:
                responder.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n\(beginning)\(end)".utf8))
            case .tooLarge:
                let body = beginning + String(repeating: "!", count: 4_096) + end
                responder.respond(headers: ["Content-Type": "application/json"], body: body)
            case .empty: responder.respond(headers: headers)
            case .refusedKey:
                responder.respond(
                    status: 401,
                    headers: ["Content-Type": "application/json", "X-Request-ID": key],
                    body:
                        #"{"error":{"message":"Incorrect API key: \#(key)","type":"authentication_error","code":"\#(key)"}}"#
                )
            }
        }

        func provider(at url: String) -> any ModelProvider {
            let client = HTTPClient.forTesting { $0.maxBodyBytes = 2_048 }
            return switch vendor {
            case .openAI: OpenAIProvider(model: "m", key: .value(key), baseURL: url, client: client)
            case .anthropic: AnthropicProvider(model: "m", key: .value(key), baseURL: url, client: client)
            }
        }
    }

    @Test(arguments: Example.all)
    func `bad input is one error, one row, no cached answer, and no reservation that stays`(
        example: Example
    ) async throws {
        let asked = Mutex(0)
        let server = try LoopbackServer { _, responder in
            asked.withLock { $0 += 1 }
            example.answer(responder)
        }
        let (meter, tracer, cache) = (CountingMeter(), InMemoryTracer(), ResultCache.memory())
        let pipeline = try Pipeline(router: .to("m"), caches: [cache], meter: meter, tracer: tracer) {
            ChatModel("m", example.provider(at: server.url), price: .perMillion(input: 1, output: 2))
        }
        let errors = await errors(of: pipeline, isStream: example.isStream)
        let error = try #require(errors.first)
        #expect(errors.count == 1)
        #expect(asked.withLock { $0 } == 1)
        #expect(error.code == example.expected.code)
        #expect(error.message.contains(example.expected.advice), "\(error)")
        #expect(!"\(error) \(String(reflecting: error))".contains(Self.key))

        let charge = try #require(meter.charges.first)
        #expect(meter.charges.count == 1)
        #expect(charge.kind == .failed)
        #expect(charge.errorCode == error.code)
        #expect(charge.isStreamed == example.isStream)
        #expect(charge.vendorRequestID == nil)
        if let usage = error.usage { #expect(charge.usage == usage && charge.cost ?? .zero > .zero) }
        #expect(meter.reserved == 1)
        #expect(charge.reservation?.requestID == charge.requestID)
        #expect(meter.released.isEmpty)
        #expect(cache.statistics.entries == 0)
        #expect(cache.statistics.stores == 0)
        let spans = tracer.finishedSpans.filter { $0.name.hasPrefix("chat") }
        #expect(spans.map(\.errorCode) == [error.code])
    }

    /// All errors that a caller can get to see, asking on after the first.
    private func errors(of pipeline: Pipeline, isStream: Bool) async -> [LLMError] {
        var errors: [LLMError] = []
        do throws(LLMError) {
            guard isStream else {
                _ = try await pipeline.respond(to: "What is on the pier?")
                return []
            }
            var iterator = try await pipeline.stream("What is on the pier?").makeAsyncIterator()
            for _ in 0..<8 {
                do throws(LLMError) {
                    if try await iterator.next() == nil { break }
                } catch {
                    errors.append(error)
                }
            }
        } catch {
            errors.append(error)
        }
        return errors
    }
}

/// Counts what is set aside and given back.
private final class CountingMeter: CostMeter {
    private struct Books {
        var charges: [Charge] = []
        var reserved = 0
        var released: [RequestID] = []
    }
    private let books = Mutex(Books())

    var charges: [Charge] { books.withLock { $0.charges } }
    var reserved: Int { books.withLock { $0.reserved } }
    var released: [RequestID] { books.withLock { $0.released } }

    func reserve(_ attempt: PlannedAttempt) -> Reservation {
        books.withLock { $0.reserved += 1 }
        return Reservation(requestID: attempt.requestID, amount: attempt.worstCase)
    }
    func record(_ charge: Charge) { books.withLock { $0.charges.append(charge) } }
    func release(_ reservation: Reservation) { books.withLock { $0.released.append(reservation.requestID) } }
}
