import LLMKit

extension SimulatedAnthropic {
    func models(_ query: Query) throws(WireError) -> [UInt8] {
        let limit = try query.int("limit", in: 1...1_000) ?? 20
        let page: ArraySlice<SimulatedModel>
        let hasMore: Bool
        if let id = query["before_id"] {
            let earlier = catalogue[..<(try place(of: id, "before_id"))]
            (page, hasMore) = (earlier.suffix(limit), earlier.count > limit)
        } else {
            var later = catalogue[...]
            if let id = query["after_id"] { later = catalogue[(try place(of: id, "after_id") + 1)...] }
            (page, hasMore) = (later.prefix(limit), later.count > limit)
        }
        var json = JSONWriter()
        json.object { json in
            json.key("data")
            json.array(page) { json, model in Self.write(model, to: &json) }
            json.key("has_more")
            json.bool(hasMore)
            for (name, model) in [("first_id", page.first), ("last_id", page.last)] {
                json.key(name)
                if let model { json.string(model.id) } else { json.null() }
            }
        }
        return json.bytes
    }

    func model(_ model: SimulatedModel) -> [UInt8] {
        var json = JSONWriter()
        Self.write(model, to: &json)
        return json.bytes
    }

    /// Where a model stands in the list.
    private func place(of id: String, _ parameter: String) throws(WireError) -> Int {
        guard let place = catalogue.firstIndex(where: { $0.id == id }) else {
            throw .malformed(parameter, "\(parameter): there is no model \(id)")
        }
        return place
    }

    private static func write(_ model: SimulatedModel, to json: inout JSONWriter) {
        json.object { json in
            json.key("type")
            json.string("model")
            json.key("id")
            json.string(model.id)
            json.key("display_name")
            json.string(model.id)
            json.key("created_at")
            json.string("2026-01-01T00:00:00Z")
            json.key("max_input_tokens")
            json.int(model.contextWindow)
            json.key("lifecycle")
            json.string("active")
            for name in ["deprecated_at", "retires_at"] {
                json.key(name)
                json.null()
            }
        }
    }
}
