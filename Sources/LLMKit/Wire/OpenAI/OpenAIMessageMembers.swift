/// Members of an answer's message that mean nothing to us, and must go back to the vendor with it, byte for byte.
///
/// OpenRouter's `reasoning_details` and Gemini's `extra_content` hold signatures, without which the next tool turn is
/// refused or the model forgets what it thought.
struct OpenAIMessageMembers: Sendable {
    /// The elements of `reasoning_details`, each with its members in order.
    private var details: [Detail] = []
    private var extraContent: JSONText?

    private struct Detail: Sendable {
        /// Values as they are written.
        var members: [(name: String, value: String)] = []
        subscript(name: String) -> String? { members.first { $0.name == name }?.value }
    }

    /// More than any answer has: past it, an upstream is broken or hostile.
    private static let limit = 4_096
    private static let memberLimit = 64

    /// The members of a detail that streams send in pieces.
    private static let growing: Set<String> = ["text", "summary", "data"]

    mutating func readExtraContent(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        extraContent = try json.rawValue()
    }

    /// Takes the details of a message or of a piece of one.
    /// - Returns: what they tell in words.
    mutating func readReasoningDetails(_ json: inout JSONReader) throws(JSONReader.Failure) -> String {
        guard try json.enterArray() else { return "" }
        var told = ""
        while try json.nextElement() {
            guard try json.enterObject() else { continue }
            var detail = Detail()
            while let key = try json.nextKey() {
                let name = key.string
                if name == "text" || name == "summary", var ahead = Optional(json), try ahead.kind() == .string {
                    told += try ahead.string()
                }
                let value = try json.rawValue().description
                guard detail.members.count < Self.memberLimit else { throw json.failure("too many members") }
                detail.members.append((name, value))
            }
            try add(detail, json)
        }
        return told
    }

    private mutating func add(_ detail: Detail, _ json: JSONReader) throws(JSONReader.Failure) {
        if let last = details.indices.last, Self.continues(details[last], detail) {
            for (name, value) in detail.members {
                let place = details[last].members.firstIndex { $0.name == name }
                switch place {
                case nil:
                    guard details[last].members.count < Self.memberLimit else { throw json.failure("too many members") }
                    details[last].members.append((name, value))
                case let place? where Self.growing.contains(name):
                    // In place: a copy per piece would make a long answer quadratic.
                    Self.extend(&details[last].members[place].value, with: value)
                case let place?:
                    // A signature that comes at the end of what it signs.
                    if value != "null" { details[last].members[place].value = value }
                }
            }
            return
        }
        guard details.count < Self.limit else { throw json.failure("more than \(Self.limit) reasoning details") }
        details.append(detail)
    }

    /// Whether a detail is the next piece of the one before: of the same kind, at the same place, and not another by id.
    private static func continues(_ known: Detail, _ more: Detail) -> Bool {
        guard known["type"] == more["type"], known["index"] == more["index"], more["index"] != nil else { return false }
        guard let id = more["id"], id != "null" else { return true }
        return known["id"] == id
    }

    /// Strings are joined as they are written, so that what was escaped stays as it was.
    private static func extend(_ text: inout String, with more: String) {
        guard text.utf8.first == UInt8(ascii: "\""), more.utf8.first == UInt8(ascii: "\"") else {
            if text == "null" { text = more }
            return
        }
        text.unicodeScalars.removeLast()
        text.unicodeScalars.append(contentsOf: more.unicodeScalars.dropFirst())
    }

    /// Takes what another message has, if this one has none.
    mutating func add(_ other: OpenAIMessageMembers) {
        if details.isEmpty { details = other.details }
        extraContent = extraContent ?? other.extraContent
    }

    /// All of it as a part of the message; `nil` if there is none.
    var part: VendorPart? {
        guard !details.isEmpty || extraContent != nil else { return nil }
        var json = JSONWriter()
        json.object { json in
            if !details.isEmpty {
                json.key("reasoning_details")
                json.array(details) { json, detail in
                    json.object { json in
                        for (name, value) in detail.members {
                            json.key(name)
                            json.raw(JSONText(validated: value))
                        }
                    }
                }
            }
            if let extraContent {
                json.key("extra_content")
                json.raw(extraContent)
            }
        }
        let text = String(decoding: json.bytes, as: UTF8.self)
        return VendorPart(origin: OpenAIDialect.messageMembers, json: JSONText(validated: text))
    }
}
