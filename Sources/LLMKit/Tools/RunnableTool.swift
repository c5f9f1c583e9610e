import PortableFoundation

/// A tool, and the function that does what a model asks of it.
///
/// ```swift
/// struct Place: Decodable { var harbour: String }
/// let tide = try RunnableTool("tide", description: "Tells when the water is high.") { (place: Place) in
///     try await tides.next(at: place.harbour)
/// }
/// let answer = try await pipeline.respond(to: "When can I sail from Hull?", using: [tide])
/// ```
///
/// The arguments' schema is derived from the type that the function takes. What the function returns goes to the model: a
/// `String` as it is, anything else as JSON. What it throws goes to the model, too, as far as the model may know: see
/// ``ToolFailure``.
///
/// Make a tool once and use it in every conversation; a deterministic one remembers its results as long as it, or a copy of it,
/// is kept.
public struct RunnableTool: Sendable {
    /// What the model is told.
    public var tool: Tool
    /// How long one run may take; `nil` for as long as the request's deadline allows. A function that runs on although it is
    /// cancelled is left behind, and may take effect after the model was told that it took too long: what must not happen
    /// twice needs a key of its own, such as the order's number.
    public var timeLimit: Duration?
    /// The longest result that goes to the model, in bytes; of a longer one it is told the length. 128 KiB are about 33,000
    /// tokens, which are paid for in every later turn.
    public var maxResultBytes = 128 << 10
    let work: @Sendable (ToolCall, ToolContext) async throws -> String
    /// What was computed before, for tools that are said to be deterministic.
    let memory: ToolResultMemory?

    /// A tool whose arguments are read here, or not at all: for schemas written by hand.
    ///
    /// - Parameters:
    ///   - tool: what the model is told. Nothing but the vendor holds the arguments to its schema: ``ToolCall/decode(_:)`` reads
    ///     them as a type.
    ///   - timeLimit: how long one run may take; `nil` for as long as the request's deadline allows.
    ///   - isDeterministic: whether the same arguments give the same result for the same user, for ever, so that it need not be
    ///     computed again. Results are kept in memory, 4 MB of them.
    ///   - run: gets the call as the model wrote it, and for whom it is.
    public init<Output: Encodable & Sendable>(
        _ tool: Tool,
        timeLimit: Duration? = .seconds(30),
        isDeterministic: Bool = false,
        run: @escaping @Sendable (ToolCall, ToolContext) async throws -> Output
    ) {
        self.init(tool, timeLimit, isDeterministic ? ToolResultMemory(perUser: true) : nil, run)
    }

    /// A tool that needs to know for whom it runs.
    ///
    /// - Parameters:
    ///   - name: what the model calls it: letters, digits, `_` and `-`, at most 64.
    ///   - description: what it does and when it is of use, for the model.
    ///   - isStrict: see ``Tool/isStrict``.
    ///   - timeLimit: how long one run may take; `nil` for as long as the request's deadline allows.
    ///   - isDeterministic: whether the same arguments give the same result for the same user, for ever, so that it need not be
    ///     computed again. Results are kept in memory, 4 MB of them.
    ///   - run: gets the decoded arguments, and for whom it is.
    /// - Throws: ``LLMError`` with code `invalidRequest` if no schema can be derived from the arguments' type.
    public init<Arguments: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String,
        description: String,
        isStrict: Bool? = nil,
        timeLimit: Duration? = .seconds(30),
        isDeterministic: Bool = false,
        run: @escaping @Sendable (Arguments, ToolContext) async throws -> Output
    ) throws(LLMError) {
        let schema = try JSONSchema(for: Arguments.self)
        self.init(
            Tool(name, description: description, parameters: schema, isStrict: isStrict),
            timeLimit,
            isDeterministic ? ToolResultMemory(perUser: true) : nil
        ) { call, context in try await run(try call.decode(Arguments.self), context) }
    }

    /// A tool that needs its arguments, and nothing else.
    ///
    /// - Parameters:
    ///   - name: what the model calls it: letters, digits, `_` and `-`, at most 64.
    ///   - description: what it does and when it is of use, for the model.
    ///   - isStrict: see ``Tool/isStrict``.
    ///   - timeLimit: how long one run may take; `nil` for as long as the request's deadline allows.
    ///   - isDeterministic: whether the same arguments give the same result for everybody of a tenant, for ever, so that it
    ///     need not be computed again. Results are kept in memory, 4 MB of them.
    ///   - run: gets the decoded arguments.
    /// - Throws: ``LLMError`` with code `invalidRequest` if no schema can be derived from the arguments' type.
    public init<Arguments: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String,
        description: String,
        isStrict: Bool? = nil,
        timeLimit: Duration? = .seconds(30),
        isDeterministic: Bool = false,
        run: @escaping @Sendable (Arguments) async throws -> Output
    ) throws(LLMError) {
        let schema = try JSONSchema(for: Arguments.self)
        self.init(
            Tool(name, description: description, parameters: schema, isStrict: isStrict),
            timeLimit,
            isDeterministic ? ToolResultMemory(perUser: false) : nil
        ) { call, _ in try await run(try call.decode(Arguments.self)) }
    }

    /// A tool without arguments.
    ///
    /// - Parameters:
    ///   - name: what the model calls it: letters, digits, `_` and `-`, at most 64.
    ///   - description: what it does and when it is of use, for the model.
    ///   - timeLimit: how long one run may take; `nil` for as long as the request's deadline allows.
    ///   - run: what is done.
    public init<Output: Encodable & Sendable>(
        _ name: String,
        description: String,
        timeLimit: Duration? = .seconds(30),
        run: @escaping @Sendable () async throws -> Output
    ) {
        self.init(
            Tool(name, description: description, parameters: JSONSchema(name: name, Self.noArguments)),
            timeLimit: timeLimit
        ) { _, _ in try await run() }
    }

    /// Forgets the results that a deterministic tool has computed for a tenant, or for one of its users; where users are not kept
    /// apart, all of the tenant's. Part of deleting a tenant.
    public func forget(tenant: String?, user: String? = nil) { memory?.forget(tenant: tenant, user: user) }

    private init<Output: Encodable & Sendable>(
        _ tool: Tool,
        _ timeLimit: Duration?,
        _ memory: ToolResultMemory?,
        _ run: @escaping @Sendable (ToolCall, ToolContext) async throws -> Output
    ) {
        self.tool = tool
        self.timeLimit = timeLimit
        self.memory = memory
        work = { call, context in try Self.text(of: try await run(call, context)) }
    }

    private static let noArguments = JSONText(
        validated: #"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#
    )

    /// What the model reads.
    private static func text(of output: some Encodable) throws -> String {
        if let text = output as? String { return text }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(output), as: UTF8.self)
    }
}

/// For whom, and at which point of a conversation, a tool runs.
public struct ToolContext: Hashable, Sendable {
    /// For whom the conversation is held.
    public var caller: Caller
    /// Which round of calls it is, from 1.
    public var round: Int
    /// The moment after which the answer is of no use.
    public var deadline: ContinuousClock.Instant?
}
