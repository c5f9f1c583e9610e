/// The places of subschemas in a schema, as a tree of numbers.
///
/// JSON pointers would do, but each holds all keys above it: with one long key, comparing the pointers of thousands of
/// subschemas takes quadratic time.
struct SchemaPlaces {
    private struct Step: Hashable {
        var parent: Int
        var token: ExactString
    }

    private var steps = [Step(parent: 0, token: "")]
    private var numbers: [Step: Int] = [:]

    static let root = 0

    /// The place of a member or an element, by its key or index.
    mutating func place(of token: String, in parent: Int) -> Int {
        let step = Step(parent: parent, token: ExactString(token))
        if let number = numbers[step] { return number }
        numbers[step] = steps.count
        steps.append(step)
        return steps.count - 1
    }

    func pointer(to place: Int) -> String {
        var tokens: [String] = []
        var place = place
        while place != Self.root {
            tokens.append(steps[place].token.text)
            place = steps[place].parent
        }
        return [String](tokens.reversed()).jsonPointer
    }
}
