/// What a vendor takes of schemas that bind the model, as data: grammars are made of them, which can say less than JSON
/// schemas can.
package struct StrictSchemaRules: Hashable, Sendable {
    /// What may stand in a schema.
    var keywords: Set<String>
    /// What bounds values and the vendor refuses, but a schema still says most without.
    var bounds: Set<String> = []
    var formats: Set<String>
    /// Whether each property must be required.
    var needsAllRequired: Bool
    /// Whether the schema as a whole must be that of an object.
    var needsObjectRoot: Bool
    /// Whether each array must say what it is of.
    var needsItems: Bool
    /// Whether nothing may stand beside a `$ref`.
    var keepsReferencesAlone: Bool
    /// Whether schemas may refer to themselves.
    var takesRecursion: Bool
    /// The largest `minItems`.
    var minItemsLimit = Int.max
    /// How deep objects may lie in each other.
    var depthLimit = Int.max
    /// How many properties there may be in all.
    var propertyLimit = Int.max

    /// What says nothing about values: without it, a schema means the same.
    static let annotations: Set<String> = [
        "$schema", "$comment", "default", "deprecated", "examples", "readOnly", "writeOnly",
    ]

    private static let structure: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "const", "$ref", "$defs",
        "definitions", "title", "description",
    ]

    private static let numeric: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]

    private static let formats: Set<String> = [
        "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid",
    ]

    /// OpenAI's structured outputs.
    package static let openAI = StrictSchemaRules(
        keywords: structure.union(numeric).union(["pattern", "format", "minItems", "maxItems"]),
        formats: formats,
        needsAllRequired: true,
        needsObjectRoot: true,
        needsItems: true,
        keepsReferencesAlone: true,
        takesRecursion: true,
        depthLimit: 10,
        propertyLimit: 5_000
    )

    /// Azure's, which take no bounds and less of everything.
    package static let azureOpenAI = StrictSchemaRules(
        keywords: structure,
        formats: [],
        needsAllRequired: true,
        needsObjectRoot: true,
        needsItems: true,
        keepsReferencesAlone: true,
        takesRecursion: true,
        depthLimit: 5,
        propertyLimit: 100
    )

    /// Anthropic's structured outputs and strict tools. Optional properties are fine here, recursion is not.
    package static let anthropic = StrictSchemaRules(
        keywords: structure.union(["allOf", "pattern", "format", "minItems", "default"]),
        bounds: numeric.union([
            "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "format",
        ]),
        formats: formats.union(["uri"]),
        needsAllRequired: false,
        needsObjectRoot: false,
        needsItems: false,
        keepsReferencesAlone: false,
        takesRecursion: false,
        minItemsLimit: 1
    )
}
