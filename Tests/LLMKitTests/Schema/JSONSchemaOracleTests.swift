import Foundation
import Testing

@testable import LLMKit

/// Compares with another implementation: Python's jsonschema package.
@Suite struct JSONSchemaOracleTests {
    static let isOracleThere: Bool = (try? python("import jsonschema", input: "")) != nil

    @Test(.enabled(if: isOracleThere, "needs python3 with the jsonschema package"))
    func `random schemas and documents are judged as by another implementation`() throws {
        var generator = SchemaGenerator(seed: 20_261)
        let pairs = (0..<500).map { _ in (schema: generator.root(depth: 3), document: generator.document(depth: 3)) }
        let lines = pairs.map { #"{"schema":\#($0.schema),"document":\#($0.document)}"# }
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator
            for line in sys.stdin:
                pair = json.loads(line)
                Draft202012Validator.check_schema(pair["schema"])
                print(int(Draft202012Validator(pair["schema"]).is_valid(pair["document"])))
            """
        let verdicts = try Self.python(script, input: lines.joined(separator: "\n")).split(separator: "\n")
        try #require(verdicts.count == pairs.count)
        var valid = 0
        for (pair, verdict) in zip(pairs, verdicts) {
            let validator = try JSONSchemaValidator(try JSONSchema(pair.schema))
            let isValid = (try? validator.validate(pair.document)) != nil
            #expect(isValid == (verdict == "1"), "\(pair.schema) on \(pair.document)")
            valid += isValid ? 1 : 0
        }
        // A comparison in which everything fails, or nothing does, would show little.
        #expect((100...400).contains(valid), "\(valid) documents are valid")
    }

    private static func python(_ script: String, input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-W", "ignore", "-c", script]
        let stdout = Pipe()
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("llmkit-oracle-\(UUID()).jsonl")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        try process.run()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        struct Failed: Error {}
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: output, as: UTF8.self)
    }
}

/// Random schemas and documents from few keys and values, so that they often meet.
private struct SchemaGenerator {
    private var state: UInt64
    private var mayRefer = false

    init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    private mutating func random(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }

    private mutating func pick(_ choices: [String]) -> String { choices[random(choices.count)] }

    private mutating func some(_ range: ClosedRange<Int>, _ make: (inout Self) -> String) -> String {
        let count = range.lowerBound + random(range.count)
        return (0..<count).map { _ in make(&self) }.joined(separator: ",")
    }

    private mutating func key() -> String { pick(["a", "b", "c", "ab"]) }

    private mutating func scalar() -> String {
        pick([
            "null", "true", "false", "0", "1", "1.0", "-2", "2.5", "3", "100", "\"\"", "\"a\"", "\"ab\"", "\"abc\"",
            "\"é1\"",
        ])
    }

    mutating func document(depth: Int) -> String {
        switch depth == 0 ? 3 : random(5) {
        case 0: return "[\(some(0...4) { $0.document(depth: depth - 1) })]"
        case 1, 2: return "{\(members(0...4) { $0.document(depth: depth - 1) })}"
        default: return scalar()
        }
    }

    private mutating func members(_ range: ClosedRange<Int>, _ make: (inout Self) -> String) -> String {
        var keys: [String] = []
        for _ in 0..<(range.lowerBound + random(range.count)) {
            let key = key()
            if !keys.contains(key) { keys.append(key) }
        }
        return keys.map { "\"\($0)\":\(make(&self))" }.joined(separator: ",")
    }

    /// A schema with a definition that subschemas may refer to; it refers to none itself, so there are no circles.
    mutating func root(depth: Int) -> String {
        mayRefer = false
        let definition = schema(depth: 2)
        mayRefer = true
        return #"{"$defs":{"x":\#(definition)},"allOf":[\#(schema(depth: depth))]}"#
    }

    private mutating func schema(depth: Int) -> String {
        if depth == 0 || random(12) == 0 { return pick(["true", "true", "{}", "false", #"{"type":"integer"}"#]) }
        var keywords: [String] = []
        for _ in 0...random(3) { keywords.append(keyword(depth: depth - 1)) }
        var seen: Set<Substring> = []
        let unique = keywords.filter { seen.insert($0.prefix { $0 != ":" }).inserted }
        return "{\(unique.joined(separator: ","))}"
    }

    private mutating func keyword(depth: Int) -> String {
        let types = ["null", "boolean", "object", "array", "number", "integer", "string"]
        switch random(24) {
        case 0, 1: return #""type":"\#(pick(types))""#
        case 2:
            let first = random(types.count)
            return #""type":["\#(types[first])","\#(types[(first + 1 + random(6)) % 7])"]"#
        case 3: return #""enum":[\#(some(1...4) { $0.document(depth: 1) })]"#
        case 4: return #""const":\#(document(depth: 1))"#
        case 5, 6, 7: return #""properties":{\#(members(1...3) { $0.schema(depth: depth) })}"#
        case 8: return #""required":["\#(key())"]"#
        case 9: return #""additionalProperties":\#(schema(depth: depth))"#
        case 10: return #""patternProperties":{"\#(pick(["^a", "b$", "^.$", "[ab]c?"]))":\#(schema(depth: depth))}"#
        case 11: return #""propertyNames":{"\#(pick(["maxLength", "minLength"]))":\#(random(3))}"#
        case 12: return #""\#(pick(["minProperties", "maxProperties", "minItems", "maxItems"]))":\#(random(4))"#
        case 13: return #""items":\#(schema(depth: depth))"#
        case 14: return #""prefixItems":[\#(some(1...3) { $0.schema(depth: depth) })]"#
        case 15: return #""uniqueItems":\#(pick(["true", "false"]))"#
        case 16: return #""\#(pick(["minLength", "maxLength"]))":\#(random(4))"#
        case 17: return #""pattern":"\#(pick(["^a", "b$", "[a-b]{2}", "^(a|é)[0-9b]*$", "(?!a)."]))""#
        case 18:
            let bound = pick(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
            return #""\#(bound)":\#(pick(["0", "1", "2.5", "-2", "3.0"]))"#
        case 19: return #""multipleOf":\#(pick(["1", "2", "0.5", "2.5"]))"#
        case 20: return #""\#(pick(["allOf", "anyOf", "oneOf"]))":[\#(some(1...3) { $0.schema(depth: depth) })]"#
        case 21: return #""not":\#(schema(depth: depth))"#
        case 22:
            return #""if":\#(schema(depth: depth)),"then":\#(schema(depth: depth)),"else":\#(schema(depth: depth))"#
        default: return mayRefer ? ##""$ref":"#/$defs/x""## : #""type":"\#(pick(types))""#
        }
    }
}
