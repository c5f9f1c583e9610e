import ExampleSupport
import LLMKit

extension ChatRequest {
    /// The request that the options describe; files are read here.
    init(_ options: Options) throws {
        let text = options.text == "-" ? try Self.standardInput() : options.text
        var parts: [ChatMessage.Part] = [.text(text)]
        if let path = options.image { parts.insert(.image(try ChatImage(file: path)), at: 0) }
        let question = ChatMessage(.user, parts: parts)
        self.init(options.system.map { [.system($0), question] } ?? [question])
        caller.feature = "ask"
        if let path = options.tools { tools = try Tool.read(path) }
        if let path = options.schema {
            responseFormat = .jsonSchema(JSONSchema(try Self.json(path, "--schema")))
        }
        sampling.maxOutputTokens = options.maxTokens
        if options.wantsLogProbabilities { sampling.logProbabilities = .init(top: 0) }
    }

    private static func standardInput() throws -> String {
        guard let text = String(validating: Terminal.readInput(), as: UTF8.self) else {
            throw Files.Failure("standard input is not UTF-8 text")
        }
        guard text.contains(where: { !$0.isWhitespace }) else { throw Files.Failure("standard input is empty") }
        return text
    }

    private static func json(_ path: String, _ option: String) throws -> JSONText {
        let text = try Files.readText(path)
        do { return try JSONText(text) } catch { throw Files.Failure("\(option) \(path): \(error.message)") }
    }
}

extension ChatImage {
    /// The largest picture that vendors take: Anthropic's limit is lower, and it says so itself.
    private static let limit = 20 << 20

    /// Reads a picture and tells its type by its first bytes, because names of files lie.
    init(file path: String) throws {
        let bytes = try Files.read(path, limit: Self.limit)
        let signatures: [(type: String, offset: Int, bytes: [UInt8])] = [
            ("image/png", 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
            ("image/jpeg", 0, [0xFF, 0xD8, 0xFF]),
            ("image/gif", 0, Array("GIF8".utf8)),
            ("image/webp", 8, Array("WEBP".utf8)),
        ]
        guard let match = signatures.first(where: { bytes.dropFirst($0.offset).starts(with: $0.bytes) }) else {
            throw Files.Failure("--image \(path) is no PNG, JPEG, GIF or WebP picture")
        }
        self.init(.data(bytes, mediaType: match.type))
    }
}

extension Tool {
    /// Reads an array of tools.
    static func read(_ path: String) throws -> [Tool] {
        let text = try Files.readText(path)
        func mistake(_ what: String) -> Files.Failure { Files.Failure("--tools \(path): \(what)") }
        let document: RawJSON
        do { document = try RawJSON(text) } catch { throw mistake(error.message) }
        guard let elements = document.elements, !elements.isEmpty else { throw mistake("expected an array of tools") }
        return try elements.enumerated().map { index, element in
            guard let name = element["name"]?.string, !name.isEmpty else {
                throw mistake("tool \(index + 1) has no \"name\"")
            }
            guard let parameters = element["parameters"], parameters.text.hasPrefix("{") else {
                throw mistake("tool \(index + 1) has no \"parameters\", a JSON schema")
            }
            let schema = try JSONSchema(name: name, parameters.text)
            return Tool(name, description: element["description"]?.string ?? "", parameters: schema)
        }
    }
}
