/// The values that `enum` or `const` allow.
struct SchemaChoices: Sendable {
    private let values: Set<JSONValue>
    private let hasContainers: Bool

    init(_ values: [JSONValue]) {
        self.values = Set(values)
        hasContainers = values.contains(where: \.isContainer)
    }

    /// Takes as long as hashing the value, however many choices there are.
    func contains(_ value: JSONValue, within budget: inout StepBudget) throws(StepBudget.Exceeded) -> Bool {
        guard hasContainers || !value.isContainer else { return false }
        budget.spend(value.steps)
        try budget.check()
        return values.contains(value)
    }
}

extension JSONValue {
    fileprivate var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    /// What it takes to hash the value or to compare it with another, in steps of a ``StepBudget``.
    var steps: Int {
        switch self {
        case .null, .bool: 1
        case .number(let number): 1 + number.digits.count >> 4
        case .string(let string): 1 + string.steps
        case .array(let elements): elements.reduce(1) { $0 + $1.steps }
        case .object(let members): members.reduce(1) { $0 + $1.key.steps + $1.value.steps }
        }
    }
}

extension ExactString {
    /// What it takes to hash the string, in steps of a ``StepBudget``, beyond the first few bytes.
    var steps: Int { text.utf8.count >> 5 }
}
