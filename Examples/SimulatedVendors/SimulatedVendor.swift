#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import Synchronization
#endif

/// A make-believe vendor that speaks a real vendor's wire format, for demos and black-box tests: no model runs in it.
///
/// Everything around the answers is real: authentication, errors, rate-limit headers, whole answers and server-sent
/// events, tool calls, log-probabilities, and usage that counts the request's and the answer's bytes (four to a token)
/// with the vendor's own rules for its prompt cache. With the same seed it does the same on every run.
public final class SimulatedVendor: Sendable {
    public enum WireFormat: String, Sendable, CaseIterable {
        case openAI = "OpenAI Chat Completions"
        case anthropic = "Anthropic Messages"
    }

    public let format: WireFormat
    /// The only key it accepts.
    public let key: String
    /// The ids of the models it serves, cheap to strong.
    public var models: [String] { catalogue.map(\.id) }

    private let seed: UInt64
    private let faults: Faults
    private let latencyScale: Double
    private let catalogue: [SimulatedModel]
    private let librarian = Librarian()
    private let state = Mutex(State())

    private struct State {
        var cache = PromptCache()
        var attempts: [StableHash: Int] = [:]
        var count = 0
    }

    /// A vendor that behaves by chance as `seed` has it; `latencyScale` multiplies its delays, and 0 answers at once.
    public init(
        _ format: WireFormat,
        key: String = "simulated",
        seed: UInt64 = 1,
        faults: Faults = .none,
        latencyScale: Double = 1
    ) {
        self.format = format
        self.key = key
        self.seed = seed
        self.faults = faults
        self.latencyScale = latencyScale
        catalogue = format == .openAI ? SimulatedModel.openAI : SimulatedModel.anthropic
    }

    /// What the vendor answers, and when.
    func reply(to request: VendorRequest) -> Reply {
        var fingerprint = StableHash(seed: seed)
        fingerprint.combine(request.path.utf8)
        fingerprint.combine(request.body)
        let (count, attempt) = state.withLock { state in
            state.count += 1
            if state.attempts.count > 100_000 { state.attempts.removeAll() }
            let attempt = state.attempts[fingerprint, default: 0]
            state.attempts[fingerprint] = attempt + 1
            return (state.count, attempt)
        }
        let id = String(fingerprint.combined(with: attempt).hex)
        let headers = self.headers(requestID: "req_" + id, count: count)
        do throws(VendorFailure) {
            let body = try check(request)
            if let failure = faults.failure(attempt: attempt, hash: fingerprint) { throw failure }
            return try answer(body, id: id, hash: fingerprint, attempt: attempt, headers: headers)
        } catch {
            return refusal(error, requestID: "req_" + id, headers: headers)
        }
    }

    // MARK: Checks

    private func check(_ request: VendorRequest) throws(VendorFailure) -> JSONValue {
        let path = request.path.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
        let wanted = format == .openAI ? "/v1/chat/completions" : "/v1/messages"
        guard path == wanted else {
            throw VendorFailure(.unknownPath, "there is nothing at this address; try \(wanted)")
        }
        guard request.method == "POST" else { throw VendorFailure(.wrongMethod, "send a POST request") }
        try checkKey(request)
        if format == .anthropic, request.headers["anthropic-version"] == nil {
            throw VendorFailure(.malformed, "anthropic-version: header is required")
        }
        guard let body = JSONValue(request.body), case .object = body else {
            throw VendorFailure(.malformed, "We could not parse the JSON body of your request.")
        }
        return body
    }

    private func checkKey(_ request: VendorRequest) throws(VendorFailure) {
        var given = request.headers["authorization"].flatMap { value in
            value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7)) : nil
        }
        if format == .anthropic { given = request.headers["x-api-key"] ?? given }
        guard let given, !given.isEmpty else { throw VendorFailure(.missingKey, "You did not provide an API key.") }
        guard given == key else { throw VendorFailure(.wrongKey, "Incorrect API key provided.") }
    }

    private func model(_ id: String) throws(VendorFailure) -> SimulatedModel {
        if let model = catalogue.first(where: { $0.id == id || $0.servedID == id }) { return model }
        let known = models.joined(separator: ", ")
        throw VendorFailure(
            .unknownModel,
            "The model does not exist; this simulated vendor has \(known).",
            parameter: "model"
        )
    }

    // MARK: Answers

    private func answer(
        _ body: JSONValue,
        id: String,
        hash: StableHash,
        attempt: Int,
        headers: [Reply.Header]
    ) throws(VendorFailure) -> Reply {
        let conversation = format == .openAI ? try OpenAIWire.read(body) : try AnthropicWire.read(body)
        let model = try model(conversation.model)
        guard conversation.inputTokens <= model.contextWindow else {
            throw VendorFailure(
                .contextLength,
                "prompt is too long: \(conversation.inputTokens) tokens > \(model.contextWindow) maximum"
            )
        }
        let hash = hash.combined(with: model.id)
        let answer = model.answer(conversation, librarian: librarian, hash: hash)
        let split = state.withLock { state in
            format == .openAI
                ? state.cache.automatic(conversation, minimum: model.cacheMinimum)
                : state.cache.marked(conversation, minimum: model.cacheMinimum)
        }
        let pace = Pace(model: model, hash: hash, scale: latencyScale)
        var reply: Reply
        switch format {
        case .openAI:
            let turn = OpenAIWire.Turn(
                id: id,
                model: model,
                conversation: conversation,
                answer: answer,
                split: split,
                hash: hash
            )
            reply =
                conversation.isStream
                ? Reply(headers: headers, events: pace.chunks(OpenAIWire.events(turn)))
                : Reply(status: 200, headers: headers, json: OpenAIWire.whole(turn), after: pace.whole(answer.count))
        case .anthropic:
            let turn = AnthropicWire.Turn(id: id, model: model, answer: answer, split: split)
            reply =
                conversation.isStream
                ? Reply(headers: headers, events: pace.chunks(AnthropicWire.events(turn)))
                : Reply(status: 200, headers: headers, json: AnthropicWire.whole(turn), after: pace.whole(answer.count))
        }
        if reply.isStream, faults.cutsStream(attempt: attempt, hash: hash) {
            reply.chunks.removeLast(reply.chunks.count / 2)
            reply.isCut = true
        }
        return reply
    }

    private func refusal(_ failure: VendorFailure, requestID: String, headers: [Reply.Header]) -> Reply {
        var headers = headers
        if failure.kind == .rateLimited {
            // Both vendors send whole seconds; OpenAI adds milliseconds, which keeps a demo quick.
            headers.append(Reply.Header("retry-after", "1"))
            if format == .openAI { headers.append(Reply.Header("retry-after-ms", "150")) }
        }
        switch format {
        case .openAI:
            let status = OpenAIWire.status(of: failure.kind)
            return Reply(status: status, headers: headers, json: OpenAIWire.error(failure))
        case .anthropic:
            let status = AnthropicWire.status(of: failure.kind)
            return Reply(status: status, headers: headers, json: AnthropicWire.error(failure, requestID: requestID))
        }
    }

    private func headers(requestID: String, count: Int) -> [Reply.Header] {
        let limit = 10_000
        let remaining = String(limit - count % limit)
        return switch format {
        case .openAI:
            [
                Reply.Header("x-request-id", requestID),
                Reply.Header("x-ratelimit-limit-requests", String(limit)),
                Reply.Header("x-ratelimit-remaining-requests", remaining),
                Reply.Header("x-ratelimit-reset-requests", "6ms"),
            ]
        case .anthropic:
            [
                Reply.Header("request-id", requestID),
                Reply.Header("anthropic-ratelimit-requests-limit", String(limit)),
                Reply.Header("anthropic-ratelimit-requests-remaining", remaining),
                Reply.Header("anthropic-ratelimit-requests-reset", "2030-01-01T00:00:00Z"),
            ]
        }
    }
}
