import Synchronization
import Testing

@testable import LLMKit

/// What cannot be endless, whoever wrote the schema and the document: told by steps, which are the same everywhere.
@Suite(.timeLimit(.minutes(5))) struct StepBudgetTests {
    private func steps(_ schema: String, _ text: String) throws -> Int {
        let validator = try JSONSchemaValidator(try JSONSchema(schema))
        var budget = StepBudget(.max)
        _ = try validator.violation(in: text, within: &budget)
        return budget.spent
    }

    private func list(_ element: String, _ count: Int) -> String {
        "[" + Array(repeating: element, count: count).joined(separator: ",") + "]"
    }

    @Test(arguments: [
        (#"{"items":{"multipleOf":0.7}}"#, "7e999999"), (#"{"items":{"pattern":"(?=.*a)(?!.*y)a"}}"#, #""aaaaaaaa""#),
        (#"{"items":{"uniqueItems":true}}"#, #"[{"a":[1,2,3]},4]"#), (#"{"items":{"enum":[[1],{"a":1},"x"]}}"#, "[1]"),
        (#"{"items":{"required":["a","b","c"]}}"#, #"{"a":1,"b":2,"c":3}"#),
        (#"{"items":{"patternProperties":{"^a":{},"a$":{}}}}"#, #"{"ab":1,"ba":2}"#),
    ])
    func `work is in proportion to the document`(schema: String, element: String) throws {
        let steps: [Int] = try [200, 400, 800].map { try self.steps(schema, list(element, $0)) }
        #expect(steps[0] >= 200)
        #expect(abs(steps[2] - steps[1] - 2 * (steps[1] - steps[0])) <= 8)
    }

    @Test func `the number of choices costs nothing`() throws {
        let few = try steps(#"{"enum":[0,1,2]}"#, "-1")
        let many = try steps(#"{"enum":[\#((0..<10_000).map(String.init).joined(separator: ","))]}"#, "-1")
        #expect(few == many)
    }

    @Test func `comparing whole subtrees at each of their levels counts as work`() throws {
        let schema = ##"{"uniqueItems":true,"items":{"$ref":"#"}}"##
        let flat = "[" + (0..<1_000).map { "[\($0)]" }.joined(separator: ",") + "]"
        let deep = String(repeating: "[", count: 50) + flat + String(repeating: "]", count: 50)
        #expect(try steps(schema, deep) > 50 * 2_000)
    }

    private static let tooMuch: [(schema: String, text: String)] = {
        let repeated = String(repeating: "a", count: 4_000)
        let names = (0..<300).map { number in
            "\"" + String(repeating: "ab", count: 50) + "\(number)\":0"
        }
        let unique = Array(repeating: #"{"not":{"uniqueItems":true}}"#, count: 900)
        let numbers = (0..<400).map { "\($0)" }
        return [
            (#"{"pattern":"b(?:a?){4000}"}"#, "\"\(repeated)\""),
            (#"{"patternProperties":{"x(?:a|b){1000}":{}}}"#, "{" + names.joined(separator: ",") + "}"),
            ("{\"anyOf\":[" + unique.joined(separator: ",") + "]}", "[" + numbers.joined(separator: ",") + "]"),
        ]
    }()

    @Test(arguments: tooMuch.indices)
    func `what is too much work is given up, and the limit is named`(index: Int) throws {
        let (schema, text) = Self.tooMuch[index]
        var validator = try JSONSchemaValidator(try JSONSchema(schema))
        validator.stepLimit = 200_000
        let violation = #expect(throws: JSONSchemaValidator.Violation.self) { try validator.validate(text) }
        #expect(violation?.reason == "takes too many steps: more than 200000")
    }

    @Test func `a schema's patterns are limited together, and one pattern counts once`() throws {
        let same = (0..<200).map { #""p\#($0)":{"pattern":"a{5000}"}"# }.joined(separator: ",")
        _ = try JSONSchemaValidator(try JSONSchema(#"{"properties":{\#(same)}}"#))
        let different = (0..<200).map { #""p\#($0)":{"pattern":"a{\#(5_000 + $0)}"}"# }.joined(separator: ",")
        let error = #expect(throws: LLMError.self) {
            try JSONSchemaValidator(try JSONSchema(#"{"properties":{\#(different)}}"#))
        }
        #expect(error?.message.contains("100000 instructions together") == true, "\(error?.message ?? "")")
    }

    @Test func `one long key above thousands of subschemas is read once`() throws {
        let key = String(repeating: "k", count: 1 << 20)
        let inner = (0..<5_000).map { #""p\#($0)":{"type":"null"}"# }.joined(separator: ",")
        let validator = try JSONSchemaValidator(
            try JSONSchema(#"{"properties":{"\#(key)":{"properties":{\#(inner)}}}}"#)
        )
        let violation = #expect(throws: JSONSchemaValidator.Violation.self) {
            try validator.validate(#"{"\#(key)":{"p7":1}}"#)
        }
        #expect(violation?.pointer == "/\(key)/p7")
    }

    @Test func `exponents that nobody means are refused by name`() throws {
        let validator = try JSONSchemaValidator(try JSONSchema(#"{"multipleOf":3}"#))
        for text in ["1e400000000", "1e-999999999", "-1E99999999999999999999"] {
            let violation = #expect(throws: JSONSchemaValidator.Violation.self) { try validator.validate(text) }
            #expect(violation?.reason.contains("exponent is beyond 1000000") == true, "\(violation?.reason ?? "")")
        }
    }

    /// A document that leads through as many subschemas as may be, and one more.
    @Test func `the deepest document does not overflow a small thread's stack`() async throws {
        let links = (0..<27).map { ##""d\##($0)":{"$ref":"#/$defs/d\##($0 + 1)"}"## }
        let last = ##""d27":{"items":{"$ref":"#"},"properties":{"a":{"$ref":"#"}}}"##
        let schema = ##"{"$ref":"#/$defs/d0","$defs":{\##((links + [last]).joined(separator: ","))}}"##
        let validator = try JSONSchemaValidator(try JSONSchema(schema))
        let isFine = await WorkerPool.shared.run {
            (try? validator.validate(#"{"a":[{"a":[{"a":[[0]]}]}]}"#)) != nil
        }
        #expect(isFine)
        let deep = String(repeating: #"{"a":["#, count: 30) + String(repeating: "]}", count: 30)
        let violation = await WorkerPool.shared.run { () -> JSONSchemaValidator.Violation? in
            do throws(JSONSchemaValidator.Violation) {
                try validator.validate(deep)
                return nil
            } catch {
                return error
            }
        }
        #expect(violation?.reason.contains("more than 300 subschemas inside each other") == true)
    }

    // MARK: Off the cooperative pool

    @Test func `a short check is done at once, a long one on a thread of its own`() async throws {
        #expect(try await places(steps: 10, bytes: 100) == [.caller])
        #expect(try await places(steps: 1_000_000, bytes: 100) == [.caller, .worker])
        #expect(try await places(steps: 10, bytes: 1 << 20) == [.worker])
    }

    @Test func `a check that is too long for any thread is given up`() async {
        let error = await #expect(throws: StepBudget.Exceeded.self) { try await places(steps: 1_000_001, bytes: 100) }
        #expect(error?.reason == "takes too many steps: more than 1000000")
    }

    @Test func `jobs that are running keep no free thread from the next`() async {
        let pool = WorkerPool(count: 2)
        let isOpen = Signal()
        async let held: Void = pool.run { _ = isOpen.wait(until: MonotonicTime.now() + 30_000_000_000) }
        for number in 0..<20 { #expect(await pool.run { number } == number) }
        isOpen.set()
        await held
    }

    private enum Place { case caller, worker }

    private final class Places: Sendable {
        let all = Mutex<[Place]>([])
    }

    /// Where a check of so many steps is run, on a text of so many bytes.
    private func places(steps: Int, bytes: Int) async throws(StepBudget.Exceeded) -> [Place] {
        let places = Places()
        try await StepBudget.run(bytes: bytes, limit: 1_000_000) { budget throws(StepBudget.Exceeded) in
            places.all.withLock { $0.append(withUnsafeCurrentTask { $0 == nil } ? .worker : .caller) }
            budget.spend(steps)
            try budget.check()
        }
        return places.all.withLock { $0 }
    }
}
