import LLMKit

extension SimulatedOpenAI {
    /// All of them: this list has no pages.
    func models(_ query: Query) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("object")
            json.string("list")
            json.key("data")
            json.array(catalogue) { json, model in Self.write(model, to: &json) }
        }
        return json.bytes
    }

    func model(_ model: SimulatedModel) -> [UInt8] {
        var json = JSONWriter()
        Self.write(model, to: &json)
        return json.bytes
    }

    private static func write(_ model: SimulatedModel, to json: inout JSONWriter) {
        json.object { json in
            json.key("id")
            json.string(model.id)
            json.key("object")
            json.string("model")
            json.key("created")
            json.int(1_700_000_000)
            json.key("owned_by")
            json.string("openai")
            // Nothing is announced.
            json.key("shutdown_date")
            json.null()
        }
    }
}
