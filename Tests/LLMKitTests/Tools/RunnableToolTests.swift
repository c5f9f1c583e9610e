import Foundation
import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct `A runnable tool` {
    struct Sum: Decodable { var numbers: [Int] }
    struct Total: Encodable {
        var total: Int
        var at = Date(timeIntervalSince1970: 0)
        var path = "a/b"
    }

    private func run(_ tool: RunnableTool, _ arguments: [String], caller: Caller = Caller()) async throws -> [ToolRun] {
        var response = ChatResponse("")
        response.message.parts = arguments.enumerated().map {
            .toolCall(ToolCall(id: "\($0.offset)", name: tool.tool.name, arguments: $0.element))
        }
        let mock = MockProvider(script: [.answer(response), .answer("Done.")])
        let talk = try await mock.respond(
            to: ChatRequest("Go.", caller: caller),
            using: [tool],
            maxParallelCalls: 1
        )
        return talk.runs
    }

    @Test func `derives the schema of its arguments`() throws {
        let tool = try RunnableTool("sum", description: "Adds.", isStrict: true) { (sum: Sum) in
            sum.numbers.reduce(0, +)
        }
        let schema = try JSONSchema(for: Sum.self)
        #expect(tool.tool.parameters == schema)
        #expect(tool.tool.isStrict == true && tool.tool.name == "sum" && tool.tool.description == "Adds.")
    }

    @Test func `tells values as JSON and strings as they are`() async throws {
        let json = try RunnableTool("sum", description: "", timeLimit: nil) { (sum: Sum) in
            Total(total: sum.numbers.reduce(0, +))
        }
        #expect(
            try await run(json, [#"{"numbers":[1,2]}"#]).map(\.result.text) == [
                #"{"at":"1970-01-01T00:00:00Z","path":"a/b","total":3}"#
            ]
        )
        let text = try RunnableTool("sum", description: "", timeLimit: nil) { (sum: Sum) in "\"\(sum.numbers)\"" }
        #expect(try await run(text, [#"{"numbers":[1]}"#]).map(\.result.text) == ["\"[1]\""])
    }

    @Test(arguments: ["", "  ", "{}", "null"]) func `without arguments runs whatever the model sends`(
        text: String
    ) async throws {
        let tool = RunnableTool("now", description: "", timeLimit: nil) { "12:40" }
        #expect(try await run(tool, [text]).map(\.result.text) == ["12:40"])
    }

    @Test func `knows for whom it runs`() async throws {
        let tool = try RunnableTool("sum", description: "", timeLimit: nil) { (_: Sum, context) in
            "\(context.caller.user ?? "-") \(context.round)"
        }
        let runs = try await run(tool, [#"{"numbers":[]}"#], caller: Caller(user: "ada"))
        #expect(runs.map(\.result.text) == ["ada 1"])
    }

    @Test func `that is deterministic computes each result once`() async throws {
        let count = Mutex(0)
        let tool = try RunnableTool("sum", description: "", timeLimit: nil, isDeterministic: true) { (sum: Sum) in
            count.withLock { $0 += 1 }
            return sum.numbers.reduce(0, +)
        }
        let runs = try await run(
            tool,
            [#"{"numbers":[1,2]}"#, #"{ "numbers" : [1, 2] }"#, #"{"numbers":[3]}"#]
        )
        #expect(runs.map(\.result.text) == ["3", "3", "3"])
        #expect(runs.map(\.isRemembered) == [false, true, false])
        #expect(count.withLock { $0 } == 2)
        #expect(try await run(tool, [#"{"numbers":[1,2]}"#]).map(\.isRemembered) == [true])
    }

    @Test func `never gives one tenant another's result, nor one user another's where it knows the user`() async throws
    {
        let (alpha, beta) = (Caller(tenant: "a", user: "1"), Caller(tenant: "b", user: "1"))
        let plain = try RunnableTool("sum", description: "", timeLimit: nil, isDeterministic: true) { (sum: Sum) in
            sum.numbers.count
        }
        for (caller, isRemembered) in [(alpha, false), (beta, false), (Caller(tenant: "a", user: "2"), true)] {
            #expect(try await run(plain, [#"{"numbers":[]}"#], caller: caller).map(\.isRemembered) == [isRemembered])
        }
        let knowing = try RunnableTool("sum", description: "", timeLimit: nil, isDeterministic: true) {
            (_: Sum, context) in
            context.caller.user ?? ""
        }
        for caller in [alpha, beta, Caller(tenant: "a", user: "2")] {
            let runs = try await run(knowing, [#"{"numbers":[]}"#], caller: caller)
            #expect(runs.map(\.result.text) == [caller.user])
            #expect(runs.map(\.isRemembered) == [false])
        }
    }

    @Test func `by hand that is deterministic keeps users apart, for it sees them`() async throws {
        let tool = RunnableTool(
            Tool("who", description: "", parameters: try JSONSchema(#"{"type":"object"}"#)),
            timeLimit: nil,
            isDeterministic: true
        ) { _, context in context.caller.user ?? "" }
        for user in ["ada", "bob"] {
            #expect(try await run(tool, ["{}"], caller: Caller(user: user)).map(\.result.text) == [user])
        }
    }

    @Test func `remembers nothing of arguments that may be read in two ways, nor for nobody in particular`()
        async throws
    {
        let tool = try RunnableTool("sum", description: "", timeLimit: nil, isDeterministic: true) { (sum: Sum) in
            sum.numbers.count
        }
        let runs = try await run(
            tool,
            [#"{"numbers":[1],"numbers":[1,2]}"#, #"{"numbers":[1,2]}"#, #"{"numbers":[1]}"#]
        )
        #expect(runs.map(\.isRemembered) == [false, false, false])
        #expect(runs.map(\.result.text).suffix(2) == ["2", "1"])
        let knowing = try RunnableTool("sum", description: "", timeLimit: nil, isDeterministic: true) { (_: Sum, _) in 1
        }
        let anonymous = try await run(knowing, [#"{"numbers":[]}"#, #"{"numbers":[]}"#], caller: Caller(tenant: "a"))
        #expect(anonymous.map(\.isRemembered) == [false, false])
    }

    @Test func `forgets a tenant, or one of its users`() async throws {
        let tool = try RunnableTool("sum", description: "", timeLimit: nil, isDeterministic: true) { (_: Sum, _) in 1 }
        let callers = [Caller(tenant: "a", user: "1"), Caller(tenant: "a", user: "2"), Caller(tenant: "b", user: "1")]
        for caller in callers { _ = try await run(tool, [#"{"numbers":[]}"#], caller: caller) }
        tool.forget(tenant: "a", user: "1")
        var known: [Bool] = []
        for caller in callers { known += try await run(tool, [#"{"numbers":[]}"#], caller: caller).map(\.isRemembered) }
        #expect(known == [false, true, true])
        tool.forget(tenant: "a")
        known = []
        for caller in callers { known += try await run(tool, [#"{"numbers":[]}"#], caller: caller).map(\.isRemembered) }
        #expect(known == [false, false, true])
    }

    @Test func `forgets failures`() async throws {
        let count = Mutex(0)
        let tool = try RunnableTool("sum", description: "", timeLimit: nil, isDeterministic: true) { (_: Sum) in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if number == 1 { throw ToolFailure("not yet") }
            return number
        }
        let runs = try await run(tool, [#"{"numbers":[]}"#, #"{"numbers":[]}"#])
        #expect(runs.map(\.result.text) == ["not yet", "2"])
        #expect(runs.map(\.isRemembered) == [false, false])
    }

    @Test func `decodes a call, or says what is wrong with it`() throws {
        let good = ToolCall(id: "a", name: "sum", arguments: #"{"numbers":[1]}"#)
        #expect(try good.decode(Sum.self).numbers == [1])
        let bad = ToolCall(id: "a", name: "sum", arguments: #"{"numbers":[1,"secret"]}"#)
        let error = #expect(throws: LLMError.self) { try bad.decode(Sum.self) }
        #expect(error?.code == .invalidAnswer && error?.message.contains("secret") == false)
        #expect((error?.cause as? InvalidArguments)?.path == "numbers.1")
    }
}
