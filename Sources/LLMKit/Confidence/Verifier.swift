/// Judges an answer by checking it: by the app's own code, a schema, a pattern, or a program.
///
/// Where an answer can be checked, no guess of the model about itself comes near it.
///
/// ```swift
/// let compiles = Verifier { answer, _ in try await compiler.accepts(answer.text) }
/// ```
public struct Verifier: ConfidenceSignal {
    private let verdict: @Sendable (ChatResponse, ChatRequest) async throws -> Double?
    /// What makes every check impossible, such as a pattern that is none.
    private let check: @Sendable () throws(LLMError) -> Void

    /// Checks answers by a confidence of the app's own.
    /// - Parameter verdict: gives 0 (wrong) to 1 (right), or `nil` for no opinion.
    public init(_ verdict: @escaping @Sendable (ChatResponse, ChatRequest) async throws -> Double?) {
        self.init(check: {}, verdict: verdict)
    }

    /// Checks answers by a yes (1) or no (0) of the app's own.
    public init(_ isRight: @escaping @Sendable (ChatResponse, ChatRequest) async throws -> Bool) {
        self.init { answer, request -> Double? in try await isRight(answer, request) ? 1 : 0 }
    }

    init(
        check: @escaping @Sendable () throws(LLMError) -> Void,
        verdict: @escaping @Sendable (ChatResponse, ChatRequest) async throws -> Double?
    ) {
        self.check = check
        self.verdict = verdict
    }

    /// Tells of a mistake made at construction when it is used, so that building a signal never throws.
    init<Tool: Sendable>(
        _ tool: Result<Tool, LLMError>,
        _ isRight: @escaping @Sendable (Tool, ChatResponse) async throws -> Bool
    ) {
        self.init(
            check: { () throws(LLMError) in _ = try tool.get() },
            verdict: { answer, _ in try await isRight(try tool.get(), answer) ? 1 : 0 }
        )
    }

    public func validate() throws(LLMError) { try check() }

    public func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        Confidence(boundedConfidence(try await verdict(answer, request)))
    }
}

extension ConfidenceSignal where Self == Verifier {
    /// 1 if the answer is JSON that follows the schema, else 0.
    ///
    /// A Markdown fence around it is tolerated. Long checks are kept off the cooperative pool; one that takes millions of
    /// steps, as nested alternatives can, makes the signal fail with `responseTooLarge`.
    public static func jsonSchema(_ schema: JSONSchema) -> Verifier {
        Verifier(Result { () throws(LLMError) in try JSONSchemaValidator(schema) }) { validator, answer in
            try await validator.accepts(answer.text)
        }
    }

    /// 1 if the last number in the answer lies in the range, else 0, also if there is no number.
    public static func number(in range: ClosedRange<Double>) -> Verifier {
        Verifier { answer, _ in answer.text.lastNumber.map { range.contains($0.double) } ?? false }
    }

    /// 1 if the pattern (ECMA-262, as in JSON Schema) matches anywhere in the answer, else 0.
    ///
    /// The time is linear in the answer's length, whatever the pattern, and long searches are kept off the cooperative
    /// pool. A large pattern on a long answer may still be too much work: then the signal fails with `responseTooLarge`.
    /// Backreferences and look-behind are not supported.
    public static func matches(_ pattern: String) -> Verifier {
        Verifier(Result { () throws(LLMError) in try RegularExpression(pattern) }) { expression, answer in
            try await expression.matches(answer.text)
        }
    }

    /// 1 if a program that gets the answer on its standard input exits with status 0, else 0.
    ///
    /// The program runs in a process group of its own, with nothing of this process but `PATH`, `HOME`, `LANG` and `TMPDIR`
    /// from the environment, and its output is thrown away. When the time is up or the call is cancelled, the whole group is
    /// killed; running out of time is an error (`timeout`), not a verdict.
    /// - Parameters:
    ///   - path: of the program's file; it is not looked up in `PATH`.
    ///   - arguments: without the program's own name.
    ///   - timeout: longer than zero.
    /// - Returns: the signal.
    public static func command(
        _ path: String,
        _ arguments: [String] = [],
        timeout: Duration = .seconds(10)
    ) -> Verifier {
        let command = ExternalCommand(path: path, arguments: arguments, timeout: timeout)
        return Verifier(
            check: { () throws(LLMError) in try command.validate() },
            verdict: { answer, _ in try await command.run(input: Array(answer.text.utf8)) == 0 ? 1 : 0 }
        )
    }
}
