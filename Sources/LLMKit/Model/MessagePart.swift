extension ChatMessage {
    /// One piece of a message.
    public enum Part: Hashable, Sendable, Codable {
        case text(String)
        case image(ChatImage)
        case toolCall(ToolCall)
        case toolResult(ToolResult)
        case thinking(Thinking)
        case vendor(VendorPart)
    }
}

/// A picture, either carried along or fetched by the vendor.
public struct ChatImage: Hashable, Sendable, Codable {
    public enum Source: Hashable, Sendable, Codable {
        /// The bytes of the file, and its media type, such as `image/png`.
        case data([UInt8], mediaType: String)
        /// An address that the vendor can fetch.
        case url(String)
    }

    /// How closely the vendor should look. A vendor without such a setting looks as it does, and the answer reports
    /// the loss in ``ChatResponse/losses``.
    public enum Detail: String, Hashable, Sendable, Codable {
        case automatic = "auto"
        case low, high
    }

    public var source: Source
    public var detail: Detail?

    public init(_ source: Source, detail: Detail? = nil) {
        self.source = source
        self.detail = detail
    }
}

/// A model's wish to have a tool run.
public struct ToolCall: Hashable, Sendable, Codable {
    public var id: String
    public var name: String
    /// The arguments as the model wrote them: JSON text, which may be invalid, because models make mistakes.
    public var arguments: String
    /// What the vendor wants back with the call, such as a signature of the thought that led to it: a JSON object, kept
    /// byte for byte.
    package var extra: VendorPart?

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// What a tool answered.
public struct ToolResult: Hashable, Sendable, Codable {
    /// The ``ToolCall/id`` that this answers.
    public var callID: String
    public var text: String
    public var isError: Bool

    public init(callID: String, text: String, isError: Bool = false) {
        self.callID = callID
        self.text = text
        self.isError = isError
    }
}

/// A model's reasoning, as far as the vendor shows it.
public struct Thinking: Hashable, Sendable, Codable {
    public var text: String
    /// The vendor's proof of authorship. It must go back unchanged, or the next tool turn is refused.
    public var signature: String?
    /// Reasoning that the vendor encrypted instead of showing; goes back unchanged.
    public var redacted: String?
    /// The wire format that wrote it (``ProviderInfo/dialect``): a signature means nothing to another vendor.
    public var origin: String?

    public init(_ text: String, signature: String? = nil, redacted: String? = nil, origin: String? = nil) {
        self.text = text
        self.signature = signature
        self.redacted = redacted
        self.origin = origin
    }
}

/// A content block that only one vendor understands, kept byte for byte.
///
/// It is sent back to the vendor it came from; crossing to another vendor it is left out, and the loss is reported in
/// ``ChatResponse/losses``.
public struct VendorPart: Hashable, Sendable, Codable {
    /// The wire format that understands the block (``ProviderInfo/dialect``).
    public var origin: String
    public var json: JSONText

    package init(origin: String, json: JSONText) {
        self.origin = origin
        self.json = json
    }
}
