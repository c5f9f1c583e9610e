import Hummingbird
import LLMKit

/// An error of the pipeline as a client may see it.
struct Failure: HTTPResponseError {
    /// Its code and the request's id. The message stays in the log: it names hosts and settings.
    struct Body: Encodable, ResponseEncodable {
        var code: String
        var requestID: String?

        init(_ error: LLMError) {
            code = error.code.description
            requestID = error.requestID?.description
        }
    }

    var error: LLMError

    var status: HTTPResponse.Status { HTTPResponse.Status(code: error.suggestedStatus) }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try Body(error).response(from: request, context: context)
        response.status = status
        if let seconds = error.retryAfter?.components.seconds { response.headers[.retryAfter] = "\(seconds + 1)" }
        return response
    }
}

/// Gives errors of the pipeline their status.
struct FailureMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as LLMError {
            context.logger.notice("request failed", metadata: ["error": "\(error)"])
            throw Failure(error: error)
        }
    }
}
