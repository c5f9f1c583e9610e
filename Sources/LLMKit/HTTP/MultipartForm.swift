/// A form whose fields travel as parts of one body, files among them: `multipart/form-data` (RFC 7578).
///
/// libcurl can send such forms from parts of its own, but a request here is bytes: a signer hashes them, and a retry sends
/// the very same again.
struct MultipartForm: Sendable {
    /// The value of the header that tells a server where the parts begin.
    var contentType: String { "multipart/form-data; boundary=\(boundary)" }
    private let boundary: String
    private var parts: [UInt8] = []

    /// A form without fields.
    init() { self.init(boundary: Self.randomBoundary()) }

    /// - Parameter boundary: what parts are told apart by; letters, digits and hyphens, at most 70.
    init(boundary: String) { self.boundary = boundary }

    /// Nobody who does not see the form can write a part that holds it: there are 2^128.
    private static func randomBoundary() -> String {
        "llmkit-" + String(UInt64.random(in: 0...UInt64.max), radix: 16)
            + String(UInt64.random(in: 0...UInt64.max), radix: 16)
    }

    mutating func append(_ value: String, named name: String) {
        begin(name)
        end(Array(value.utf8))
    }

    /// Adds a file.
    /// - Throws: ``LLMError`` with code `invalidRequest` if the type could end its line, and begin a header of its own.
    mutating func append(
        file bytes: [UInt8],
        named name: String,
        fileName: String,
        contentType: String = "application/octet-stream"
    ) throws(LLMError) {
        guard contentType.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw LLMError(
                .invalidRequest,
                "the content type of the file in field \"\(Self.escaped(name))\" holds line breaks or other bytes that no "
                    + "type has"
            )
        }
        begin(name, "; filename=\"\(Self.escaped(fileName))\"\r\nContent-Type: \(contentType)")
        end(bytes)
    }

    /// All parts, with the mark that ends them.
    var body: [UInt8] { parts + Array("--\(boundary)--\r\n".utf8) }

    private mutating func begin(_ name: String, _ rest: String = "") {
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(Self.escaped(name))\"\(rest)\r\n\r\n"
        parts += Array(head.utf8)
    }

    private mutating func end(_ bytes: [UInt8]) {
        parts += bytes
        parts += [0x0D, 0x0A]
    }

    /// A name between quotes: what would end it is escaped as browsers do (HTML standard, 4.10.21.8).
    private static func escaped(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case 0x0A: bytes += Array("%0A".utf8)
            case 0x0D: bytes += Array("%0D".utf8)
            case UInt8(ascii: "\""): bytes += Array("%22".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension HTTPRequest {
    /// A form, with the header that says so.
    init(method: Method = .post, to address: HTTPAddress, headers: [HTTPHeader] = [], form: MultipartForm) {
        self.init(method: method, to: address, headers: headers, body: form.body)
        self.headers.append(HTTPHeader("Content-Type", form.contentType))
    }
}
