import Foundation
import Synchronization
import Testing

@testable import LLMKit
@testable import LLMKitTesting

@Suite(.timeLimit(.minutes(5))) struct `HTTP methods` {
    @Test func `every method is sent as it is called, on handles that sent another before`() async throws {
        let server = try LoopbackServer { request, responder in
            responder.respond(body: "\(request.method) \(request.headers["content-length"] ?? "none") \(request.text)")
        }
        let client = HTTPClient.forTesting()
        let calls: [(HTTPRequest.Method, String, String)] = [
            (.put, "abc", "PUT 3 abc"), (.delete, "", "DELETE none "), (.get, "", "GET none "),
            (.post, "x", "POST 1 x"),
            (.delete, "ids", "DELETE 3 ids"), (.put, "", "PUT 0 "), (.post, "", "POST 0 "),
            (.delete, "", "DELETE none "),
        ]
        for (method, body, expected) in calls {
            let request = HTTPRequest(method: method, url: server.url, body: Array(body.utf8))
            #expect(String(decoding: try await client.perform(request).body, as: UTF8.self) == expected)
        }
        #expect(server.connectionCount == 1)
    }

    @Test func `a get with a body is refused`() async {
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(method: .get, url: "http://127.0.0.1:9", body: [1]))
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("GET") == true)
    }
}

@Suite(.timeLimit(.minutes(5))) struct `Multipart forms` {
    @Test func `a form is written part by part`() throws {
        var form = MultipartForm(boundary: "b")
        form.append("fine-tune", named: "purpose")
        try form.append(file: [0, 13, 10, 255], named: "file", fileName: "a.jsonl", contentType: "application/jsonl")
        #expect(form.contentType == "multipart/form-data; boundary=b")
        let expected =
            Array("--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--b\r\n".utf8)
            + Array("Content-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n".utf8)
            + Array("Content-Type: application/jsonl\r\n\r\n".utf8) + [0, 13, 10, 255] + Array("\r\n--b--\r\n".utf8)
        #expect(form.body == expected)
    }

    @Test func `names cannot break out of their quotes`() throws {
        var form = MultipartForm(boundary: "b")
        form.append("v", named: "a\"; x=\"\r\nEvil: 1")
        try form.append(file: [], named: "f", fileName: "\"\r\n\r\nc:\\é.txt")
        let text = String(decoding: form.body, as: UTF8.self)
        #expect(text.contains("name=\"a%22; x=%22%0D%0AEvil: 1\"\r\n"))
        #expect(text.contains("filename=\"%22%0D%0A%0D%0Ac:\\é.txt\"\r\n"))
        #expect(!text.contains("\nEvil"))
    }

    @Test(arguments: ["text/plain\r\nEvil: 1", "a\nb", "é/x"])
    func `a content type that would break out is refused`(type: String) {
        var form = MultipartForm()
        let error = #expect(throws: LLMError.self) {
            try form.append(file: [1], named: "f", fileName: "n", contentType: type)
        }
        #expect(error?.code == .invalidRequest)
        #expect(form.body == Array("--\(form.contentType.split(separator: "=")[1])--\r\n".utf8))
    }

    @Test func `every form has a boundary of its own`() {
        let boundaries = Set((0..<100).map { _ in MultipartForm().contentType })
        #expect(boundaries.count == 100)
        #expect(boundaries.allSatisfy { $0.utf8.count > 50 && $0.utf8.count < 100 })
    }

    /// Answers with what Python's parser of messages finds in the form.
    private static let parser = """
        import email.parser, email.policy, json, sys
        head = b"Content-Type: " + sys.argv[1].encode() + b"\\r\\n\\r\\n"
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + sys.stdin.buffer.read())
        assert message.is_multipart() and not message.defects
        print(json.dumps([[part.get_param("name", header="content-disposition"), part.get_filename(),
            part.get_content_type(), list(part.get_payload(decode=True))] for part in message.iter_parts()]))
        """

    @Test(.enabled(if: TLSServer.Kind.python.isAvailable, "needs python3"))
    func `a form that arrives is read by another's parser`() async throws {
        let seen = Mutex<LoopbackServer.Request?>(nil)
        let server = try LoopbackServer { request, responder in
            seen.withLock { $0 = request }
            responder.respond(body: "ok")
        }
        let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var form = MultipartForm()
        form.append("grüße", named: "purpose")
        try form.append(file: bytes, named: "file", fileName: "data.bin")
        form.append("", named: "empty")
        _ = try await HTTPClient.forTesting().perform(HTTPRequest(to: try HTTPAddress(server.url), form: form))
        let request = try #require(seen.withLock { $0 })
        #expect(request.method == "POST")

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.parser, request.headers["content-type"] ?? ""]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(request.body))
        try input.fileHandleForWriting.close()
        let found = try #require(
            try JSONSerialization.jsonObject(with: output.fileHandleForReading.readDataToEndOfFile()) as? [[Any]]
        )
        process.waitUntilExit()
        #expect(found.map { $0[0] as? String } == ["purpose", "file", "empty"])
        #expect(found.map { $0[1] as? String } == [nil, "data.bin", nil])
        #expect(found.map { $0[2] as? String } == ["text/plain", "application/octet-stream", "text/plain"])
        #expect(found[1][3] as? [UInt8] == bytes)
        #expect(found[0][3] as? [UInt8] == Array("grüße".utf8))
        #expect((found[2][3] as? [UInt8])?.isEmpty == true)
    }
}
