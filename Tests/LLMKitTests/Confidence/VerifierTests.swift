import Foundation
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct VerifierTests {
    private func confidence(_ signal: some ConfidenceSignal, _ text: String) async throws -> Double? {
        try await signal.confidence(in: ChatResponse(text), to: "q", in: noSamples).value
    }

    @Test func `a closure's verdict is the confidence`() async throws {
        #expect(try await confidence(Verifier { answer, _ in answer.text == "yes" }, "yes") == 1)
        #expect(try await confidence(Verifier { answer, _ in answer.text == "yes" }, "no") == 0)
        #expect(try await confidence(Verifier { _, _ in 0.25 }, "x") == 0.25)
        #expect(try await confidence(Verifier { _, _ in 7.0 }, "x") == 1)
        let none: Double? = nil
        #expect(try await confidence(Verifier { _, _ in none }, "x") == nil)
    }

    @Test(arguments: [
        (#"{"a":1}"#, 1.0), ("```json\n{\"a\":1}\n```", 1), (#"{"a":"1"}"#, 0), ("not JSON", 0), ("```\n{}\n```", 0),
    ])
    func `an answer is held to a schema`(text: String, expected: Double) async throws {
        let schema = try JSONSchema(#"{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}"#)
        #expect(try await confidence(.jsonSchema(schema), text) == expected)
    }

    @Test(arguments: [("It is 42.", 1.0), ("It is 101", 0), ("It is -1", 0), ("none", 0), ("100", 1)])
    func `a number is held to a range`(text: String, expected: Double) async throws {
        #expect(try await confidence(.number(in: 0...100), text) == expected)
    }

    @Test(arguments: [("order 12345", 1.0), ("order 123", 0)])
    func `an answer is held to a pattern`(text: String, expected: Double) async throws {
        #expect(try await confidence(.matches(#"\b\d{5}\b"#), text) == expected)
    }

    @Test func `a hostile answer costs its length, and what is too much work is an error`() async throws {
        let text = String(repeating: "a", count: 50_000)
        #expect(try await confidence(.matches("(?=.*yes)(?=.*no)"), text) == 0)
        #expect(try await confidence(.matches("(?=.*(?=.*(?=.*x)))"), text + "x") == 1)
        let numbers = "[" + Array(repeating: "7e999999", count: 10_000).joined(separator: ",") + "]"
        #expect(try await confidence(.jsonSchema(JSONSchema(#"{"items":{"multipleOf":0.7}}"#)), numbers) == 1)
        let branch = ##"{"properties":{"a":{"$ref":"#"}},"not":{}}"##
        let deep = String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40)
        var validator = try JSONSchemaValidator(JSONSchema(#"{"anyOf":[\#(branch),\#(branch)]}"#))
        validator.stepLimit = 100_000
        let error = await #expect(throws: LLMError.self) { try await validator.accepts(deep) }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("too many steps: more than 100000;") == true)
    }

    @Test func `mistakes in settings are told at assembly and at use`() async throws {
        let schema = try JSONSchema(#"{"type":"strnig"}"#)
        let signals: [Verifier] = [
            .jsonSchema(schema), .matches("("), .command("/nowhere/program"), .command("/etc"), .command("/etc/passwd"),
            .command("/bin/cat", ["a\0b"]), .command("/bin/cat", timeout: .zero),
        ]
        for signal in signals {
            let error = #expect(throws: LLMError.self) { try signal.validate() }
            #expect(error?.code == .invalidConfiguration)
            await #expect(throws: LLMError.self) { try await confidence(signal, "x") }
        }
        let fine: Verifier = .command("/bin/cat")
        try fine.validate()
    }

    @Test func `a program judges by its exit status`() async throws {
        #expect(try await confidence(.command("/bin/sh", ["-c", "grep -q Paris"]), "It is Paris.") == 1)
        #expect(try await confidence(.command("/bin/sh", ["-c", "grep -q Paris"]), "It is Lyon.") == 0)
        #expect(try await confidence(.command("/bin/sh", ["-c", "kill -9 $$"]), "x") == 0)
        #expect(try await confidence(.command("/bin/sh", ["-c", #"test "$1" = 'a b'"#, "sh", "a b"]), "x") == 1)
    }

    @Test func `a program that does not read its input, or talks much, does no harm`() async throws {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(try await confidence(.command("/bin/sh", ["-c", "exit 0"]), long) == 1)
        #expect(try await confidence(.command("/bin/sh", ["-c", "exec 0<&-; exit 3"]), long) == 0)
        #expect(try await confidence(.command("/bin/sh", ["-c", "cat; cat >&2; exit 0"]), long) == 1)
        let counts: Verifier = .command("/bin/sh", ["-c", "test $(wc -c) = 1048576"])
        #expect(try await confidence(counts, long) == 1)
    }

    @Test func `a program sees none of this process's secrets`() async throws {
        setenv("LLMKIT_TEST_SECRET", "secret", 1)
        let signal: Verifier = .command("/bin/sh", ["-c", #"test -z "$LLMKIT_TEST_SECRET" && test -n "$PATH""#])
        #expect(try await confidence(signal, "x") == 1)
    }

    @Test func `a program that takes too long is killed with all it started`() async throws {
        let mark = "86399.\(UInt32.random(in: 0 ... .max))"
        let signal: Verifier = .command(
            "/bin/sh",
            ["-c", "sleep \(mark) & sleep \(mark)"],
            timeout: .milliseconds(100)
        )
        let error = await #expect(throws: LLMError.self) { try await confidence(signal, "x") }
        #expect(error?.code == .timeout)
        await gone(mark)
    }

    @Test func `what a program leaves behind ends with it`() async throws {
        let mark = "86398.\(UInt32.random(in: 0 ... .max))"
        #expect(try await confidence(.command("/bin/sh", ["-c", "sleep \(mark) & exit 0"]), "x") == 1)
        await gone(mark)
    }

    @Test func `cancelling kills the program at once`() async throws {
        let mark = "86397.\(UInt32.random(in: 0 ... .max))"
        let signal: Verifier = .command("/bin/sh", ["-c", "sleep \(mark); exit 0"], timeout: .seconds(60))
        let task = Task { try await confidence(signal, "x") }
        while running(mark).isEmpty { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await gone(mark)
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await confidence(signal, "x")
        }
        await #expect(throws: CancellationError.self) { try await early.value }
    }

    @Test func `many programs at once leave no zombies and no descriptors`() async throws {
        let before = try descriptors()
        try await withThrowingTaskGroup(of: Double?.self) { group in
            for index in 0..<40 {
                group.addTask { try await confidence(.command("/bin/sh", ["-c", "exit \(index % 2)"]), "x") }
            }
            var sum = 0.0
            for try await value in group { sum += value ?? 0 }
            #expect(sum == 20)
        }
        // Other tests open some too, for a while; what leaks stays for ever.
        while try descriptors() > before + 8 { try await Task.sleep(for: .milliseconds(5)) }
        while zombies() > 0 { await Task.yield() }
    }

    /// Returns when no such process is left: the system takes a moment to bury what was killed.
    private func gone(_ mark: String) async {
        while !running(mark).isEmpty { await Task.yield() }
    }

    /// Processes whose command line holds the mark; empty where there is no /proc.
    private func running(_ mark: String) -> [String] {
        processes { folder in
            guard let line = FileManager.default.contents(atPath: "\(folder)/cmdline") else { return false }
            return line.range(of: Data(mark.utf8)) != nil && line.starts(with: Data("sleep".utf8))
        }
    }

    private func zombies() -> Int {
        processes { folder in
            guard let data = FileManager.default.contents(atPath: "\(folder)/stat") else { return false }
            let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
            return fields.count > 3 && fields[1] == "(sh)" && fields[2] == "Z" && fields[3] == "\(getpid())"
        }.count
    }

    private func processes(where isWanted: (String) -> Bool) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { Int($0) != nil && isWanted("/proc/\($0)") }
    }

    private func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count }
}
