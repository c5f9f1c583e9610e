/// One thing that a subschema asks of a value.
///
/// Indices point into ``JSONSchemaValidator/nodes``.
///
/// Keywords that only have a meaning together (`items` after `prefixItems`, say) are one rule.
enum SchemaRule: Sendable {
    case never
    case types(Set<JSONType>)
    case choices(SchemaChoices)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case condition(Int, then: Int?, otherwise: Int?)

    case required([ExactString])
    case members(named: [ExactString: Int], patterns: [(expression: RegularExpression, node: Int)], others: Int?)
    case memberNames(Int)
    case memberCount(least: Int?, most: Int?)

    case elements(prefix: [Int], rest: Int?)
    case elementCount(least: Int?, most: Int?)
    case uniqueElements

    case length(least: Int?, most: Int?)
    case pattern(RegularExpression)

    case bounds(NumberBounds)
    case multiple(of: JSONNumber)

    /// The subschemas that look at the same value as this rule's own, so that a circle of them would never end.
    var sameValueNodes: [Int] {
        switch self {
        case .allOf(let nodes), .anyOf(let nodes), .oneOf(let nodes): nodes
        case .not(let node): [node]
        case .condition(let test, let then, let otherwise): [test, then, otherwise].compactMap { $0 }
        default: []
        }
    }
}

struct NumberBounds: Sendable {
    var minimum: JSONNumber?
    var maximum: JSONNumber?
    var exclusiveMinimum: JSONNumber?
    var exclusiveMaximum: JSONNumber?
}

/// The types of JSON Schema.
///
/// A number without a fraction is an integer, however it is written.
enum JSONType: String, Sendable, CaseIterable {
    case null, boolean, object, array, number, integer, string

    func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.null, .null), (.boolean, .bool), (.object, .object), (.array, .array), (.number, .number),
            (.string, .string):
            true
        case (.integer, .number(let number)): number.isInteger
        default: false
        }
    }
}
