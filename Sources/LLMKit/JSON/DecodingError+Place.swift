import PortableFoundation

extension DecodingError {
    /// Where in a document what was expected is not, as `items.3.price`, and what is wrong there, for messages.
    var place: (path: String, reason: String) {
        let context: Context
        var key: (any CodingKey)?
        switch self {
        case .dataCorrupted(let found): context = found
        case .keyNotFound(let missing, let found): (context, key) = (found, missing)
        case .typeMismatch(_, let found), .valueNotFound(_, let found): context = found
        @unknown default: return ("", "\(self)")
        }
        let path = context.codingPath + [key].compactMap { $0 }
        let words = path.map { $0.intValue.map(String.init) ?? $0.stringValue }
        return (words.joined(separator: "."), context.debugDescription)
    }
}
