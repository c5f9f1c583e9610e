import Testing

@testable import LLMKit

@Suite struct StrictSchemaTests {
    private func kinds(_ schema: String, _ rules: StrictSchemaRules = .openAI) -> [StrictSchemaProblem.Kind] {
        rules.problems(in: JSONText(validated: schema)).map(\.kind)
    }

    private func mended(_ schema: String, _ rules: StrictSchemaRules = .openAI) -> String? {
        rules.mended(JSONText(validated: schema))?.schema.description
    }

    private static let closed =
        #"{"type":"object","properties":{"n":{"type":["integer","null"]}},"required":["n"],"additionalProperties":false}"#

    @Test func `a schema that follows the rules stays as it is written`() {
        let spaced = " " + Self.closed.replacing(",", with: " , ")
        #expect(mended(spaced) == spaced)
        #expect(mended(spaced, .anthropic) == spaced)
    }

    @Test func `an object whose properties are all required is closed, wherever it lies and in its order`() {
        let open = #"{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"null"}},"required":["a","b"]"#
        func schema(_ end: String) -> String {
            ##"{"required":["list","one"],"properties":{"list":{"type":"array","items":\##(open)\##(end)},"##
                + ##""one":{"anyOf":[\##(open)\##(end),{"$ref":"#/$defs/d"}]}},"type":"object","##
                + ##""$defs":{"d":\##(open)\##(end)}\##(end)"##
        }
        #expect(mended(schema("}")) == schema(#","additionalProperties":false}"#))
    }

    @Test func `a property that may be left out keeps OpenAI from binding, and Anthropic not`() {
        let schema = #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"]}"#
        #expect(mended(schema) == nil)
        #expect(kinds(schema).contains(.optional("b")))
        #expect(mended(schema, .anthropic) == schema.dropLast() + #","additionalProperties":false}"#)
    }

    @Test(arguments: [
        #"{"type":"object"}"#, #"{"type":"object","properties":{},"additionalProperties":true}"#,
        #"{"type":"object","additionalProperties":{"type":"string"}}"#, "true", "{}",
        #"{"type":"object","properties":{"a":{}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":true},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":{"not":{"type":"string"}}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":{"oneOf":[{"type":"string"}]}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":{"$ref":"other.json"}},"required":["a"]}"#,
        ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/none"}},"required":["a"]}"##,
        #"{"type":"object","properties":{},"required":["a"]}"#,
        #"{"type":"object","properties":{},"anyOf":[{"type":"object","properties":{"a":{"type":"null"}}}]}"#,
        #"{"type":"object","properties":{"a":{"enum":[{}]}},"required":["a"]}"#,
    ])
    func `what closing would change the meaning of is not made strict`(schema: String) {
        #expect(mended(schema) == nil)
        #expect(mended(schema, .anthropic) == nil)
    }

    @Test func `objects that bind one value together are not closed`() {
        let part = #"{"type":"object","properties":{"a":{"type":"null"}}}"#
        #expect(mended(#"{"allOf":[\#(part),\#(part)]}"#, .anthropic) == nil)
        #expect(
            kinds(#"{"type":"object","properties":{},"additionalProperties":false,"allOf":[]}"#) == [.keyword("allOf")]
        )
    }

    @Test func `annotations are left out without a loss`() {
        let schema = Self.closed.replacing(#"["integer","null"]"#, with: #""integer","default":1,"examples":[2]"#)
        let rules = StrictSchemaRules.openAI.mended(JSONText(validated: schema))
        #expect(rules?.schema.description == Self.closed.replacing(#"["integer","null"]"#, with: #""integer""#))
        #expect(rules?.isLossy == false)
    }

    @Test func `bounds that no grammar holds are told in the description, which is a loss`() {
        let bounded = Self.closed.replacing(#"["integer","null"]"#, with: #""integer","minimum":1,"maximum":9"#)
        #expect(mended(bounded) == bounded)
        let loose = StrictSchemaRules.anthropic.mended(JSONText(validated: bounded))
        #expect(loose?.isLossy == true)
        #expect(
            loose?.schema.description
                == Self.closed.replacing(
                    #"["integer","null"]"#,
                    with: #""integer","description":"{minimum: 1, maximum: 9}""#
                )
        )
        let described = #"{"type":"string","format":"color","description":"A color."}"#
        #expect(mended(described, .anthropic) == #"{"type":"string","description":"A color.\n\n{format: \"color\"}"}"#)
        #expect(
            mended(#"{"type":"array","items":{"type":"null"},"minItems":1}"#, .anthropic)?.contains("minItems") == true
        )
        #expect(StrictSchemaRules.azureOpenAI.mended(JSONText(validated: bounded)) == nil)
    }

    @Test func `schemas that refer to themselves bind at OpenAI alone`() {
        let list =
            ##"{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]}"##
        #expect(mended(list) != nil)
        #expect(kinds(list, .anthropic).contains(.recursion("#")))
        let around =
            ##"{"type":"array","items":{"$ref":"#/$defs/a"},"$defs":{"a":{"type":"array","items":{"$ref":"#/$defs/b"}},"##
            + ##""b":{"type":"array","items":{"$ref":"#/$defs/a"}}}}"##
        #expect(kinds(around, .anthropic) == [.recursion("#/$defs/b")])
        let twice =
            ##"{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}],"$defs":{"a":{"type":"null"}}}"##
        #expect(kinds(twice, .anthropic).isEmpty)
    }

    @Test func `problems name their place`() {
        let schema = #"{"type":"object","properties":{"a/b":{"type":"object"}},"required":["a/b"]}"#
        let words = StrictSchemaRules.openAI.problems(in: JSONText(validated: schema)).map(\.description)
        #expect(words.last?.contains("/properties/a~1b") == true)
    }

    @Test func `schemas that are derived from types bind at both vendors`() throws {
        struct Stop: Codable { var name: String, nights: Int?, tags: [String] }
        struct Trip: Codable { var stops: [Stop] }
        let schema = try JSONSchema(for: Trip.self).json
        for rules in [StrictSchemaRules.openAI, .azureOpenAI, .anthropic] {
            #expect(rules.problems(in: schema).isEmpty)
        }
    }
}
