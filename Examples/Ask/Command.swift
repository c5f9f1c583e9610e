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
        pipeline = try Pipeline(router: .to(model.name), meter: meter, tracer: tracer, diagnostics: Self.notes) {
            model
        }
    }

    /// What the library has to tell, as notes. What it advises about prices is for whoever writes programs.
    private static let notes = Diagnostics { notice in
        let isPrice = notice.subject == "prices"
        Terminal.errors.print("ask: note: \(isPrice ? "the price of this call is not known" : line("\(notice)"))")
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
        let schema: JSONSchema? = if case .jsonSchema(let schema) = request.responseFormat { schema } else { nil }
        let response: ChatResponse
        var flaw: LLMError?
        if options.stream ?? (schema == nil) {
            response = try await write(try await pipeline.stream(request), to: &output)
            if let schema {
                do throws(LLMError) { _ = try await Self.document(response, schema) } catch { flaw = error }
            }
        } else {
            response = try await pipeline.respond(to: request)
            var text = response.text
            if let schema {
                do throws(LLMError) { text = try await Self.document(response, schema) } catch {
                    (text, flaw) = ("", error)
                }
            }
            try output.write(text)
        }
        try output.finish(response)
        if let flaw { throw flaw }
        switch response.finish {
        case .length:
            Terminal.errors.print("ask: the answer was cut off after \(response.usage.output) tokens")
            return .limit
        case .contentFilter:
            Terminal.errors.print("ask: the vendor's content filter ended the answer")
            return .upstream
        case .refusal where response.text.isEmpty:
            Terminal.errors.print("ask: the model refused to answer, and did not say why")
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
    static func document(_ response: ChatResponse, _ schema: JSONSchema) async throws(LLMError) -> String {
        guard response.toolCalls.isEmpty, response.finish != .length, response.finish != .contentFilter else {
            return ""
        }
        do throws(LLMError) {
            return try await response.document(following: schema).description
        } catch  where error.code == .invalidConfiguration {
            // Only the vendor understands all of the schema.
            Terminal.errors.print("ask: note: the answer is not checked against the schema: \(error.message)")
            return try response.document().description
        }
    }

    /// An error as one line, whatever a vendor wrote into it. Of an answer that breaks its schema also where, and how.
    private static func line(_ error: any Error) -> String {
        guard let invalid = (error as? LLMError)?.cause as? InvalidAnswer, !invalid.reason.isEmpty else {
            return line("\(error)")
        }
        // What comes behind the semicolon is for whoever writes programs.
        let what = "\(error)".prefix { $0 != ";" }
        return line("\(what) (\(invalid.path.isEmpty ? "the document" : invalid.path): \(invalid.reason))")
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
