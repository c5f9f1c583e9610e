/// Why a schema cannot bind a model as it stands.
package struct StrictSchemaProblem: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The document is no schema at all.
        case noSchema
        /// It is not that of an object, as it must be.
        case noObject
        /// An object may have other members than its properties.
        case open
        /// A property is not required.
        case optional(String)
        /// What is required is no property.
        case unknownRequired(String)
        /// Nothing says what kind of value it is.
        case untyped
        case keyword(String)
        /// A keyword that is known, with a value that is not.
        case value(of: String)
        /// A `$ref` that leads nowhere, or has something beside it.
        case reference(String)
        case recursion(String)
        case tooDeep
        case tooManyProperties
    }

    /// How the schema is made right, where that is possible.
    enum Mend: Hashable, Sendable {
        /// No other members: the model may write less, and what it writes still follows the schema.
        case close
        /// The keyword is left out.
        case leaveOut(isLoss: Bool)
    }

    package var kind: Kind
    /// The keys and indices that lead to the place.
    package var place: [String]
    var mend: Mend?

    /// The problem in words that tell an app's author what to change.
    var description: String {
        let location = place.isEmpty ? "at its root" : "at \(place.jsonPointer)"
        return "\(location), \(reason)"
    }

    private var reason: String {
        switch kind {
        case .noSchema: "it is no JSON schema"
        case .noObject: "it must be of type object, without alternatives"
        case .open: "the object must have properties, and \"additionalProperties\": false"
        case .optional(let name): "the property \"\(name)\" must be required; let it be null instead"
        case .unknownRequired(let name): "\"\(name)\" is required, but no property"
        case .untyped: "it must say what type the value is of"
        case .keyword(let name): "the keyword \"\(name)\" is not supported"
        case .value(let name): "this value of \"\(name)\" is not supported"
        case .reference(let target): "the reference to \(target) must stand alone and lead to a definition"
        case .recursion(let target): "\(target) refers to itself"
        case .tooDeep: "objects lie too deep in each other"
        case .tooManyProperties: "there are too many properties"
        }
    }
}
