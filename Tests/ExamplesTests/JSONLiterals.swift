package import LLMKit

// Documents written as literals, to be sent to the simulated vendors.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(stringLiteral text: String) { self = .string(ExactString(text)) }
    package init(integerLiteral value: Int) { self = JSONNumber(String(value)).map(JSONValue.number) ?? .null }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members.map { (ExactString($0.0), $0.1) }) { _, last in last })
    }

    /// A text that is no literal.
    init(_ text: String) { self = .string(ExactString(text)) }

    var int: Int? { if case .number(let number) = self { number.int } else { nil } }
}
