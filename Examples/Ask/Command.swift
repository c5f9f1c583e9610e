import ExampleSupport
import LLMKit

/// One question, from options to exit status.
struct Command: Sendable {
    private let options: Options
    private let request: ChatRequest
    let pipeline: Pipeline

    /// Reads the files and assembles the pipeline; nothing is sent yet.
    init(_ options: Options) throws {
        self.options = options
        request = try ChatRequest(options)
        let model = try Self.model(options)
        let meter: any CostMeter = if let path = options.ledger { try Ledger(path: path) } else { .none }
        let tracer: any Tracer = if let path = options.trace { try JSONLinesTracer(path: path) } else { .none }
        pipeline = try Pipeline(router: .to(model.name), meter: meter, tracer: tracer) { model }
    }

    /// Asks, and writes the answer.
    func run() async -> ExitStatus {
        var request = request
        if let timeout = options.timeout { request.deadline = .now + timeout }
        do {
            return try await answer(request)
        } catch {
            let isLate = request.deadline.map { ContinuousClock.now >= $0 } ?? false
            let status = ExitStatus(error, ownDeadlinePassed: isLate)
            if status != .interrupted, status != .closedPipe { Terminal.errors.print("ask: \(Self.line(error))") }
            return status
        }
    }

    private func answer(_ request: ChatRequest) async throws -> ExitStatus {
        var output = Output(options)
        let isDocument = options.schema != nil
        let response: ChatResponse
        if options.stream ?? !isDocument {
            response = try await write(try await pipeline.stream(request), to: &output)
        } else {
            response = try await pipeline.respond(to: request)
            try output.write(isDocument ? try Self.document(response) : response.text)
        }
        try output.finish(response)
        switch response.finish {
        case .length:
            Terminal.errors.print("ask: the answer was cut off after \(response.usage.output) tokens")
            return .limit
        case .contentFilter:
            Terminal.errors.print("ask: the vendor's content filter ended the answer")
            return .upstream
        default: return .answered
        }
    }

    private func write(_ stream: ResponseStream, to output: inout Output) async throws -> ChatResponse {
        for try await event in stream {
            switch event {
            case .text(let text): try output.write(text)
            case .end(let response): return response
            default: break
            }
        }
        throw LLMError(.truncated, "the stream stopped before its end")
    }

    /// What is printed of a structured answer: the document, or nothing where it is cut off, filtered or a tool call, for
    /// half of one would only trouble whoever reads it.
    static func document(_ response: ChatResponse) throws(LLMError) -> String {
        guard response.toolCalls.isEmpty, response.finish != .length, response.finish != .contentFilter else {
            return ""
        }
        return try response.document().description
    }

    /// An error as one line, whatever a vendor wrote into it.
    private static func line(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
