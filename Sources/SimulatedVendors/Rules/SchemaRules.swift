import LLMKit

extension StrictSchemaProblem {
    /// How both vendors say it.
    func refusal(at path: String) -> WireError {
        .malformed(path, "Invalid schema for \(path): \(sentence)", name: "invalid_json_schema")
    }

    private var sentence: String {
        let context = "In context=(\(place.map { "'\($0)'" }.joined(separator: ", "))), "
        return switch kind {
        case .noSchema: "expected an object."
        case .noObject: "schema must be a JSON Schema of 'type: \"object\"'."
        case .open: context + "'additionalProperties' is required to be supplied and to be false."
        case .optional(let name):
            context + "'required' is required to be supplied and to be an array including every key in properties. "
                + "Missing '\(name)'."
        case .unknownRequired(let name): context + "Extra required key '\(name)' supplied."
        case .untyped: context + "schema must have a 'type' key."
        case .keyword(let name): context + "'\(name)' is not permitted."
        case .value(let name): context + "the value of '\(name)' is not supported."
        case .reference(let target): context + "reference '\(target)' can only point to definitions, and stand alone."
        case .recursion(let target): "recursive reference '\(target)' is not supported."
        case .tooDeep: context + "too many levels of nesting."
        case .tooManyProperties: "too many object properties."
        }
    }
}
