import Foundation
import HTTPTypes
import Hummingbird
import LLMKit
import LLMKitTracing
import Tracing

/// `POST /chat`: an answer as server-sent events, which ends when the client leaves.
struct ChatRoute {
    struct Question: Decodable { var message: String }
    struct Piece: Encodable { var text: String }
    struct End: Encodable { var requestID: String?, model: String?, cost: String?, cache: String? }

    var pipeline: Pipeline

    func add(to router: Hummingbird.Router<BasicRequestContext>) {
        router.post("chat") { request, context in try await answer(request, context) }
    }

    private func answer(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        var request = request
        let question = try await request.take(Question.self, in: context)
        var ask = ChatRequest(question.message, caller: request.caller(for: "chat"))
        ask.continueTrace()
        // The head goes out before the answer: whoever reports an error can name the request.
        let requestID = RequestID.random()
        ask.requestID = requestID
        // The body is written after this function, where nothing that is bound to this task is bound any more.
        let (trace, logger) = (ServiceContext.current, context.logger)
        let body = ResponseBody { [request, ask] writer in
            try await ServiceContext.$current.withValue(trace) {
                try await request.whileClientStays {
                    do {
                        for try await event in try await pipeline.stream(ask) {
                            guard let event = try Self.event(event) else { continue }
                            try await writer.write(event)
                        }
                    } catch let error as LLMError where !Task.isCancelled {
                        // The head is sent already: what fails from here on is told as an event.
                        logger.notice("chat failed", metadata: ["error": "\(error)"])
                        try await writer.write(.event("error", Failure.Body(error)))
                    }
                    try await writer.finish(nil)
                }
            }
        }
        var headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-cache", .connection: "close",
        ]
        // Proxies collect pieces unless they are told not to; nginx listens to this word.
        for (name, value) in [("x-request-id", requestID.description), ("x-accel-buffering", "no")] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        // The head goes out before the model has answered: without it there would be nothing to watch.
        return Response(
            status: .ok,
            headers: headers,
            body: body
        )
    }

    private static func event(_ event: StreamEvent) throws -> ByteBuffer? {
        switch event {
        case .text(let text): try .event("text", Piece(text: text))
        case .end(let answer):
            try .event(
                "end",
                End(
                    requestID: answer.requestID?.description,
                    model: answer.model?.description,
                    cost: answer.cost?.description,
                    cache: answer.servedBy?.description
                )
            )
        default: nil
        }
    }
}

extension ByteBuffer {
    /// A server-sent event. Its data is JSON, which has no line breaks.
    static func event(_ name: String, _ data: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return ByteBuffer(
            string: "event: \(name)\ndata: \(String(decoding: try encoder.encode(data), as: UTF8.self))\n\n"
        )
    }
}
