import Foundation
import Testing

@testable import LLMKit

@Suite struct SchemaDerivationTests {
    private struct Stop: Decodable {
        enum Kind: String, Decodable, CaseIterable { case train, bus }
        enum Stars: Int, Decodable, CaseIterable {
            case one = 1
            case two
        }
        var name: String
        var kind: Kind
        var stars: Stars?
    }

    private struct Trip: Decodable {
        var city: String
        var days: Int
        var price: Double
        var isFar: Bool
        var hotel: String?
        var stops: [Stop]
        var start: Date
        var links: [String: URL]
        var first: Stop?

        enum CodingKeys: String, CodingKey {
            case city, days, price
            case isFar = "is_far"
            case hotel, stops, start, links, first
        }
    }

    @Test func `a struct becomes a strict schema, in the order of its keys`() throws {
        let stop =
            #""properties":{"name":{"type":"string"},"kind":{"type":"string","enum":["train","bus"]},"#
            + #""stars":{"type":["integer","null"],"enum":[1,2,null]}},"required":["name","kind","stars"],"#
            + #""additionalProperties":false}"#
        let expected =
            #"{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"},"price":{"type":"number"},"#
            + #""is_far":{"type":"boolean"},"hotel":{"type":["string","null"]},"stops":{"type":"array","items":{"type":"object","#
            + stop
            + #"},"start":{"type":"string","format":"date-time"},"links":{"type":"object","additionalProperties":"#
            + #"{"type":"string"}},"first":{"type":["object","null"],"# + stop
            + #"},"required":["city","days","price","is_far","hotel","stops","start","links","first"],"#
            + #""additionalProperties":false}"#
        let schema = try JSONSchema(for: Trip.self)
        #expect(schema.json.description == expected)
        #expect(schema.name == "Trip")
        _ = try JSONSchemaValidator(schema)
    }

    private final class Tree: Decodable {
        var value: Int
        var children: [Tree]
        var parent: Tree?
    }

    private struct Forest: Decodable {
        var trees: [Tree]
        var oldest: Tree?
    }

    @Test func `types that contain themselves refer to themselves`() throws {
        let tree =
            ##"{"type":"object","properties":{"value":{"type":"integer"},"children":{"type":"array","items":{"$ref":"#"}},"##
            + ##""parent":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["value","children","parent"],"##
            + #""additionalProperties":false}"#
        #expect(try JSONSchema(for: Tree.self).json.description == tree)
        let forest = try JSONSchema(for: Forest.self).json.description
        #expect(forest.contains(##""trees":{"type":"array","items":{"$ref":"#/$defs/Tree"}}"##))
        #expect(forest.hasSuffix(##""$defs":{"Tree":\##(tree.replacing(##""#""##, with: ##""#/$defs/Tree""##))}}"##))
        let validator = try JSONSchemaValidator(try JSONSchema(forest))
        try validator.validate(
            #"{"trees":[{"value":1,"children":[{"value":2,"children":[],"parent":null}],"parent":null}],"oldest":null}"#
        )
    }

    private struct Tags: Decodable {
        var all: [String] = []
        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            while !container.isAtEnd { all.append(try container.decode(String.self)) }
        }
    }

    private struct Deep: Decodable {
        var inner: Int
        enum Outer: String, CodingKey { case box }
        enum Inner: String, CodingKey { case inner }
        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: Outer.self).nestedContainer(keyedBy: Inner.self, forKey: .box)
            inner = try box.decode(Int.self, forKey: .inner)
        }
    }

    private struct Wrapped: Decodable {
        var id: String
        init(from decoder: any Decoder) throws { id = try decoder.singleValueContainer().decode(String.self) }
    }

    @Test func `types that decode by hand show what they ask for`() throws {
        func text<T: Decodable>(_ type: T.Type) throws -> String { try JSONSchema(for: type).json.description }
        #expect(try text(Tags.self) == #"{"type":"array","items":{"type":"string"}}"#)
        #expect(try text(Wrapped.self) == #"{"type":"string"}"#)
        #expect(try text(Deep.self).contains(#""box":{"type":"object","properties":{"inner":{"type":"integer"}}"#))
        #expect(try text([Int?].self) == #"{"type":"array","items":{"type":["integer","null"]}}"#)
        #expect(try text(Set<String>.self) == #"{"type":"array","items":{"type":"string"}}"#)
        #expect(try text([String: [Bool]].self).contains(#""additionalProperties":{"type":"array""#))
        #expect(try JSONSchema(for: [String: Int].self).name == "Dictionary_String__Int_")
    }

    private enum Shape: Decodable {
        case circle(Double)
        case square(Double)
    }
    private enum Loose: String, Decodable { case a, b }
    private struct Picky: Decodable {
        init(from decoder: any Decoder) throws {
            let text = try decoder.singleValueContainer().decode(String.self)
            guard text.count == 3 else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "too short"))
            }
        }
    }
    private struct Empty: Decodable {}
    private struct Ints: Decodable { var map: [Int: String] }

    private struct Day: Decodable {
        struct Stop: Decodable { var kind: Loose }
        var stops: [Stop]
    }
    private struct Odd: Decodable { var shape: Shape? }

    @Test func `the property that has no schema is named, and what would give it one`() {
        let day = #expect(throws: LLMError.self) { try JSONSchema(for: Day.self) }
        #expect(day?.message.contains("the property 'stops.kind': the cases of Loose cannot be listed") == true)
        #expect(day?.message.contains("make it CaseIterable") == true)
        #expect(day?.cause is DecodingError)
        let odd = #expect(throws: LLMError.self) { try JSONSchema(for: Odd.self) }
        #expect(odd?.message.contains("the property 'shape': Shape") == true)
        let loose = #expect(throws: LLMError.self) { try JSONSchema(for: Loose.self) }
        #expect(loose?.message.contains("property") == false)
    }

    @Test func `what does not show its shape is an error that says what to do`() {
        func code<T: Decodable>(_ type: T.Type) -> LLMError? {
            #expect(throws: LLMError.self) { try JSONSchema(for: type) }
        }
        for error in [code(Shape.self), code(Loose.self), code(Picky.self), code(Empty.self), code(Ints.self)] {
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.contains("pass a schema by hand") == true)
        }
    }
}
