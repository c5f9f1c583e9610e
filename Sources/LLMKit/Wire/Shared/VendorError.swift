/// What a vendor said went wrong: the common form of all their error objects.
struct VendorError: Hashable {
    var message: String?
    /// What the vendor calls the kind of error. Several names may apply; the most telling comes first.
    var codes: [String] = []
    /// A status inside the body, where the HTTP status is a mere 200.
    var status: Int?
    /// The vendor's id of the request, where the body holds it.
    var vendorRequestID: String?
    /// Whether a moderation listed its reasons.
    var isModeration = false

    init(message: String? = nil, codes: [String] = []) {
        self.message = message
        self.codes = codes
    }

    /// Takes an error in whatever form it came: JSON of any kind, or plain text.
    init(anyOf bytes: UnsafeBufferPointer<UInt8>) {
        do throws(JSONReader.Failure) {
            self = try Self.read(bytes) ?? VendorError(message: String(decoding: bytes, as: UTF8.self))
        } catch {
            self.init(message: String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Reads an error body. All forms in use are tried, since proxies answer in their own: `{"error":{…}}`,
    /// `{"error":"…"}`, `{"errors":[…]}`, `{"message":"…"}`, `{"detail":…}`, a bare object or a bare string, and any of
    /// them in an array.
    /// - Returns: `nil` if the bytes are JSON without anything like an error in it.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONReader.Failure) -> VendorError? {
        var json = JSONReader(bytes, repairsText: true)
        var error = VendorErrorReader()
        try error.read(&json)
        return error.result
    }
}
