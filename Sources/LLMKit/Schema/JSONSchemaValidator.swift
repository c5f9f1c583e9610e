/// Checks JSON documents against a schema, compiled once.
///
/// Knows the part of draft 2020-12 that model vendors use. Anything else in a schema is an error when it is compiled: a
/// keyword that silently does nothing would let wrong answers pass.
///
/// ```swift
/// let validator = try JSONSchemaValidator(schema)
/// try validator.validate(answer.text)
/// ```
///
/// Keywords: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `patternProperties`,
/// `propertyNames`, `minProperties`, `maxProperties`, `items`, `prefixItems`, `minItems`, `maxItems`, `uniqueItems`,
/// `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, `allOf`,
/// `anyOf`, `oneOf`, `not`, `if`, `then`, `else`, `$ref` within the document, `$defs`. Annotations are ignored, `format`
/// among them, as the draft says by default.
package struct JSONSchemaValidator: Sendable {
    /// Where a document breaks its schema, and how.
    package struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
        /// The JSON pointer (RFC 6901) to the offending value; empty for the whole document.
        ///
        /// It may hold keys from the document, so treat it as content.
        package var pointer: String
        /// What is wrong; holds nothing of the document.
        package var reason: String

        package var description: String { "\(pointer.isEmpty ? "the document" : pointer) \(reason)" }
    }

    /// All subschemas, the root first; they refer to each other by index, because `$ref` may make circles.
    let nodes: [[SchemaRule]]
    /// How many steps of a ``StepBudget`` one check may take: about a second, more than anybody's schema and answer need.
    var stepLimit = 10_000_000

    /// Compiles a schema.
    /// - Throws: ``LLMError`` with code `invalidConfiguration` that names the place in the schema and what is wrong there.
    package init(_ schema: JSONSchema) throws(LLMError) {
        let root: JSONValue
        do throws(JSONReader.Failure) {
            root = try JSONValue(parsing: schema.json.description)
        } catch {
            throw LLMError(.invalidConfiguration, "the JSON schema '\(schema.name)' is not valid JSON: \(error)")
        }
        var compiler = SchemaCompiler(root: root)
        do throws(SchemaCompiler.Failure) {
            nodes = try compiler.compile()
        } catch {
            let pointer = compiler.pointer(to: error)
            let place = pointer.isEmpty ? "the root" : pointer
            throw LLMError(.invalidConfiguration, "the JSON schema '\(schema.name)', at \(place): \(error.reason)")
        }
    }

    /// Checks the text of a document, on the caller's thread.
    ///
    /// The work is bounded, and a check that would take more is given up with a violation that says so. Most checks take
    /// microseconds, the longest about a second.
    /// - Throws: the first violation found; text that is not JSON is one too.
    package func validate(_ text: String) throws(Violation) {
        var budget = StepBudget(stepLimit)
        let violation: Violation?
        do throws(StepBudget.Exceeded) {
            violation = try self.violation(in: text, within: &budget)
        } catch {
            throw Violation(pointer: "", reason: error.reason)
        }
        if let violation { throw violation }
    }

    /// The first violation in the text of a document.
    func violation(in text: String, within budget: inout StepBudget) throws(StepBudget.Exceeded) -> Violation? {
        let value: JSONValue
        do throws(JSONReader.Failure) {
            value = try JSONValue(parsing: text)
        } catch {
            return Violation(pointer: "", reason: "is not valid JSON: \(error)")
        }
        var run = SchemaRun(nodes: nodes, budget: budget)
        defer { budget = run.budget }
        return try run.check(value)
    }
}
