import Testing

@testable import LLMKit

@Suite struct JSONSchemaValidatorTests {
    private func violation(_ schema: String, _ text: String) throws -> JSONSchemaValidator.Violation? {
        var validator = try JSONSchemaValidator(try JSONSchema(schema))
        validator.stepLimit = 10_000
        do {
            try validator.validate(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (#"{"type":"object","properties":{"a":{"items":{"minimum":3}}}}"#, #"{"a":[5,1]}"#, "/a/1", "is below 3"),
        (#"{"required":["x"]}"#, "{}", "", "lacks the property 'x'"),
        (#"{"additionalProperties":false}"#, #"{"a/b~c":1}"#, "/a~1b~0c", "is not allowed here"),
        (#"{"type":["string","null"]}"#, "1", "", "is not of type null or string"),
        (#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1", "", "fits none of the alternatives of anyOf"),
        (
            #"{"oneOf":[{"type":"number"},{"type":"integer"}]}"#, "1", "",
            "fits 2 of the alternatives of oneOf, not exactly one"
        ),
        (##"{"$ref":"#/$defs/n","$defs":{"n":{"multipleOf":0.01}}}"##, "0.015", "", "is no multiple of 0.01"),
        (#"{"enum":["a"]}"#, "{", "", "is not valid JSON"),
    ])
    func `violations say where and why`(schema: String, text: String, pointer: String, reason: String) throws {
        let found = try #require(try violation(schema, text))
        #expect(found.pointer == pointer)
        #expect(found.reason.hasPrefix(reason))
    }

    @Test(arguments: [
        (#"{"type":"integer"}"#, "1.0"), (#"{"type":"integer"}"#, "1e300"), (#"{"const":1}"#, "1.00"),
        (#"{"maximum":9007199254740992}"#, "9007199254740992"),
        (#"{"uniqueItems":true}"#, "[1,true,\"1\",[1],{\"a\":1}]"),
        (#"{"minLength":1,"maxLength":1}"#, "\"\u{1F600}\""), ("true", "[]"),
        (#"{"uniqueItems":true}"#, "[\"\u{e9}\",\"e\u{301}\"]"),
        (
            #"{"title":"t","format":"email","$comment":"c","$schema":"https://json-schema.org/draft/2020-12/schema"}"#,
            "\"x\""
        ),
        (#"{"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"null"}}"#, "null"),
        (##"{"$defs":{"a~b/c":{"type":"null"}},"$ref":"#/$defs/a~0b~1c"}"##, "null"),
        (##"{"$defs":{"a b":{"type":"null"}},"$ref":"#/$defs/a%20b"}"##, "null"),
    ])
    func `corner cases pass`(schema: String, text: String) throws {
        #expect(try violation(schema, text) == nil)
    }

    @Test(arguments: [
        (#"{"type":"integer"}"#, "1.5"), (#"{"maximum":9007199254740992}"#, "9007199254740993"),
        (#"{"uniqueItems":true}"#, "[1,1.0]"), (#"{"uniqueItems":true}"#, "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]"),
        ("false", "1"),
        (#"{"propertyNames":{"maxLength":2}}"#, #"{"abc":1}"#), (#"{"not":{}}"#, "1"),
        (#"{"exclusiveMinimum":0}"#, "0"), (#"{"exclusiveMaximum":0}"#, "0.0"), (#"{"enum":[1]}"#, "true"),
        (#"{"prefixItems":[{"type":"string"}],"items":false}"#, #"["a",1]"#),
        (
            #"{"patternProperties":{"^x":{"type":"null"}},"additionalProperties":{"type":"string"}}"#,
            #"{"x1":null,"y":1}"#
        ),
    ])
    func `corner cases fail`(schema: String, text: String) throws {
        #expect(try violation(schema, text) != nil)
    }

    @Test(arguments: [
        (#"{"typ":"string"}"#, "/typ"), (#"{"type":"text"}"#, "/type"), (#"{"properties":[]}"#, "/properties"),
        (#"{"properties":{"a":{"minimum":"3"}}}"#, "/properties/a/minimum"), (#"{"pattern":"("}"#, "/pattern"),
        (#"{"items":[{}]}"#, "/items"), (#"{"anyOf":[]}"#, "/anyOf"), (#"{"minItems":-1}"#, "/minItems"),
        (#"{"minItems":1.5}"#, "/minItems"), (#"{"multipleOf":0}"#, "/multipleOf"), (#"{"then":{}}"#, "/then"),
        (##"{"$ref":"https://example.com"}"##, "/$ref"), (##"{"$ref":"#/$defs/none"}"##, "/$ref"), ("3", "the root"),
        (#"{"required":["a","a"]}"#, "/required"), (#"{"unevaluatedProperties":false}"#, "/unevaluatedProperties"),
        (#"{"properties":{"a":{"$id":"x"}}}"#, "/properties/a/$id"), (#"{"nullable":true}"#, "/nullable"),
        (#"{"$defs":{"a":{"typ":1}}}"#, "/$defs/a/typ"), (#"{"type":[]}"#, "/type"),
    ])
    func `what a schema cannot mean is an error when it is compiled`(schema: String, place: String) throws {
        let schema = try JSONSchema(name: "trip", schema)
        let error = #expect(throws: LLMError.self) { try JSONSchemaValidator(schema) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("'trip', at \(place):") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        ##"{"$ref":"#"}"##, ##"{"allOf":[{"not":{"$ref":"#"}}]}"##,
        ##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}},"properties":{"x":{"$ref":"#/$defs/a"}}}"##,
    ])
    func `circles that never step into the value are refused`(schema: String) throws {
        let schema = try JSONSchema(schema)
        let error = #expect(throws: LLMError.self) { try JSONSchemaValidator(schema) }
        #expect(error?.message.contains("refers to itself") == true)
    }

    @Test func `a schema may contain itself`() throws {
        let schema =
            ##"{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]}"##
        #expect(try violation(schema, #"{"next":{"next":null}}"#) == nil)
        #expect(try violation(schema, #"{"next":{"next":3}}"#) != nil)
    }

    @Test func `exponential schemas are stopped`() throws {
        let branch = ##"{"properties":{"a":{"$ref":"#"}},"not":{}}"##
        let schema = #"{"anyOf":[\#(branch),\#(branch)]}"#
        let text = String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40)
        let found = try #require(try violation(schema, text))
        #expect(found.reason.contains("too many steps"))
        let inner = schema.replacing(##""#""##, with: ##""#/$defs/x""##)
        let outer = ##"{"not":{"$ref":"#/$defs/x"},"$defs":{"x":\##(inner)}}"##
        let negated = try #require(try violation(outer, text))
        #expect(negated.reason.contains("too many steps"))
    }

    @Test func `long chains of references are refused without a deep stack`() throws {
        let links = (0..<5_000).map { ##""d\##($0)":{"$ref":"#/$defs/d\##($0 + 1)"}"## }.joined(separator: ",")
        let schema = try JSONSchema(##"{"$ref":"#/$defs/d0","$defs":{\##(links),"d5000":{}}}"##)
        #expect(throws: LLMError.self) { try JSONSchemaValidator(schema) }
    }
}
