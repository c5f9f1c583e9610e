/// Where a schema refers to.
struct SchemaReferences {
    private let root: JSONValue
    /// A `$ref` whose target leads back to itself.
    private(set) var recursive: String?
    private var finished: Set<String> = []
    private var open: Set<String> = ["#"]

    /// A longer row of references counts as one without end.
    private static let depthLimit = 64

    init(_ root: JSONValue) {
        self.root = root
        walk(root)
    }

    /// What a reference stands for; `nil` if it leads out of the document or nowhere.
    static func target(of reference: String, in root: JSONValue) -> JSONValue? {
        guard let tokens = [String](jsonPointerFragment: reference) else { return nil }
        var place = root
        for token in tokens {
            if let member = place[token] {
                place = member
            } else if let elements = place.elements, let index = Int(token), elements.indices.contains(index) {
                place = elements[index]
            } else {
                return nil
            }
        }
        return place
    }

    private mutating func walk(_ value: JSONValue) {
        guard recursive == nil else { return }
        switch value {
        case .array(let elements): for element in elements { walk(element) }
        case .object(let members):
            if let reference = value["$ref"]?.text { follow(reference) }
            for (_, member) in members.sorted(by: { $0.key < $1.key }) { walk(member) }
        default: break
        }
    }

    private mutating func follow(_ reference: String) {
        guard !open.contains(reference), open.count <= Self.depthLimit else {
            recursive = reference
            return
        }
        guard !finished.contains(reference), let target = Self.target(of: reference, in: root) else { return }
        open.insert(reference)
        walk(target)
        open.remove(reference)
        finished.insert(reference)
    }
}
