/// Reads the tools of a Chat Completions request, and the wish which of them to call.
enum OpenAIToolDecoder {
    static func tools(_ json: inout JSONReader) throws(WireError) -> [Tool] {
        var tools: [Tool] = []
        try RequestReading.elements(of: &json, at: "tools") { (path, json) throws(WireError) in
            var type = ""
            var function: JSONReader?
            try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
                switch name {
                case "type": type = try json.string(at: "\(path).type")
                case "function": function = try json.place(at: "\(path).function")
                default: try json.skip(at: path)
                }
            }
            guard type == "function" else {
                throw WireError(
                    .unsupported,
                    "Only tools of type 'function' are known here.",
                    parameter: "\(path).type"
                )
            }
            guard var function else {
                throw .malformed("\(path).function", "Missing required parameter: '\(path).function'.")
            }
            tools.append(try tool(&function, at: "\(path).function"))
        }
        return tools
    }

    private static func tool(_ json: inout JSONReader, at path: String) throws(WireError) -> Tool {
        var title: String?
        var tool = Tool("", description: "", parameters: JSONSchema(OpenAIRequestEncoder.anyObject))
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "name": title = try json.string(at: "\(path).name")
            case "description": tool.description = try json.string(at: "\(path).description")
            case "parameters": tool.parameters = JSONSchema(try json.raw(at: "\(path).parameters"))
            case "strict": tool.isStrict = try json.bool(at: "\(path).strict")
            default: throw .malformed("\(path).\(name)", "Unknown parameter: '\(path).\(name)'.")
            }
        }
        guard let title else { throw .malformed("\(path).name", "Missing required parameter: '\(path).name'.") }
        tool.name = title
        return tool
    }

    static func choice(_ json: inout JSONReader, _ dialect: OpenAIDialect) throws(WireError) -> ToolChoice {
        let path = "tool_choice"
        if try json.kind(at: path) == .string {
            let word = try json.string(at: path)
            switch word {
            case "auto": return .automatic
            case "none": return .none
            case "required", dialect.requiredToolChoice: return .required
            default: throw .malformed(path, "Invalid value: '\(word)'.", name: "invalid_value")
            }
        }
        var function: String?
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            guard name == "function" else { return try json.skip(at: path) }
            try RequestReading.members(of: &json, at: "\(path).function") { (name, json) throws(WireError) in
                guard name == "name" else { return try json.skip(at: path) }
                function = try json.string(at: "\(path).function.name")
            }
        }
        guard let function else {
            throw .malformed("\(path).function", "Missing required parameter: '\(path).function.name'.")
        }
        return .tool(function)
    }
}
