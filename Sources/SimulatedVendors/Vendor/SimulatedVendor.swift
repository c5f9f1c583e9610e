#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import LLMKit
import Synchronization
#endif

/// A make-believe vendor that speaks a real vendor's wire format, for demos and black-box tests: no model runs in it.
///
/// Everything around the answers is real: authentication, errors, rate-limit headers, whole answers and server-sent
/// events, tool calls, log-probabilities, and usage that counts the request's and the answer's bytes (four to a token)
/// with the vendor's own rules for its prompt cache. With the same seed it does the same on every run.
package final class SimulatedVendor: Sendable {
    package enum WireFormat: String, Sendable, CaseIterable {
        case openAI = "OpenAI Chat Completions"
        case anthropic = "Anthropic Messages"
    }

    package let format: WireFormat
    /// The only key it accepts.
    package let key: String
    /// The ids of the models it serves, cheap to strong.
    package var models: [String] { api.catalogue.map(\.id) }

    let api: any VendorAPI
    private let seed: UInt64
    private let faults: Faults
    private let latencyScale: Double
    let librarian = Librarian()
    private let state = Mutex(State())

    private struct State {
        var cache = PromptCache()
        var attempts: [StableHash: Int] = [:]
        var count = 0
    }

    /// A vendor that behaves by chance as `seed` has it; `latencyScale` multiplies its delays, and 0 answers at once.
    package init(
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
        api =
            switch format {
            case .openAI: SimulatedOpenAI()
            case .anthropic: SimulatedAnthropic()
            }
    }

    /// What the vendor answers, and when.
    func reply(to request: VendorRequest) -> HTTPReply {
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
        let turn = Turn(
            id: fingerprint.combined(with: attempt).hex,
            hash: fingerprint,
            attempt: attempt,
            headers: headers(of: fingerprint.combined(with: attempt).hex, count: count)
        )
        do throws(WireError) {
            return try reply(to: request, turn)
        } catch {
            return refusal(api.error(error, requestID: "req_" + turn.id), turn)
        }
    }

    /// One request, in terms of what varies between requests.
    private struct Turn {
        var id: String
        var hash: StableHash
        var attempt: Int
        var headers: [HTTPHeader]
    }

    private func headers(of id: String, count: Int) -> [HTTPHeader] {
        let limit = 10_000
        return api.headers(requestID: "req_" + id, limit: limit, remaining: limit - count % limit)
    }

    private func refusal(_ error: EncodedError, _ turn: Turn) -> HTTPReply {
        HTTPReply(status: error.status, headers: turn.headers + error.headers, json: error.body)
    }

    private func reply(to request: VendorRequest, _ turn: Turn) throws(WireError) -> HTTPReply {
        let halves = request.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = halves.first, let endpoint = api.endpoint(at: String(path)) else {
            throw WireError(.notFound, "there is nothing at this address", name: "unknown_url")
        }
        guard request.method == endpoint.method else {
            var error = api.error(
                WireError(.invalidRequest, "send a \(endpoint.method) request"),
                requestID: "req_" + turn.id
            )
            error.status = 405
            return refusal(error, turn)
        }
        try checkKey(request)
        try api.check(request)
        switch endpoint {
        case .models:
            let query = Query(halves.count > 1 ? halves[1] : "")
            return HTTPReply(headers: turn.headers, json: try api.models(query))
        case .model(let id): return HTTPReply(headers: turn.headers, json: api.model(try model(id)))
        case .countTokens:
            let conversation = Conversation(try api.read(request, countsOnly: true))
            _ = try model(conversation.model)
            let body = #"{"input_tokens":\#(conversation.inputTokens)}"#
            return HTTPReply(headers: turn.headers, json: Array(body.utf8))
        case .answer:
            let decoded = try api.read(request, countsOnly: false)
            if let failure = faults.failure(attempt: turn.attempt, hash: turn.hash) { throw failure }
            return try answer(decoded, turn)
        }
    }

    private func checkKey(_ request: VendorRequest) throws(WireError) {
        guard let given = api.key(in: request), !given.isEmpty else {
            throw WireError(.authentication, "You did not provide an API key.")
        }
        guard given == key else { throw WireError(.authentication, "Incorrect API key provided.") }
    }

    private func model(_ id: String) throws(WireError) -> SimulatedModel {
        if let model = api.catalogue.first(where: { $0.id == id || $0.servedID == id }) { return model }
        let known = models.joined(separator: ", ")
        throw WireError(
            .notFound,
            "The model does not exist; this simulated vendor has \(known).",
            parameter: "model"
        )
    }

    private func answer(_ decoded: DecodedRequest, _ turn: Turn) throws(WireError) -> HTTPReply {
        let conversation = Conversation(decoded)
        let model = try model(conversation.model)
        try api.check(decoded, for: model)
        guard conversation.inputTokens <= model.contextWindow else {
            throw api.tooLong(conversation.inputTokens, for: model)
        }
        let split = state.withLock { state in
            api.split(conversation, minimum: model.cacheMinimum, in: &state.cache)
        }
        let hash = turn.hash.combined(with: model.id)
        let choices = choices(decoded.answerCount, to: conversation, from: model, split, id: turn.id, hash: hash)
        guard let choice = choices.first else { throw WireError(.server, "there is no answer") }
        let alternatives = Array(choices.dropFirst())
        let pace = Pace(model: model, hash: hash, scale: latencyScale)
        guard decoded.isStream else {
            let body = api.whole(choice, alternatives: alternatives)
            let count = choices.map(\.answer.count).max() ?? 0
            return HTTPReply(headers: turn.headers, json: body, after: pace.whole(count))
        }
        let pieces = api.stream(choice, alternatives: alternatives, to: decoded)
        var reply = HTTPReply(headers: turn.headers, events: pace.chunks(pieces))
        if faults.cutsStream(attempt: turn.attempt, hash: hash) {
            reply.chunks.removeLast(reply.chunks.count / 2)
            reply.isCut = true
        }
        return reply
    }
}
