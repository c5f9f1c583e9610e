import CPlatform
import LLMKit

extension LoopbackServer {
    /// A request as the server received it.
    public struct Request: Sendable {
        public var method: String
        /// Without the query.
        public var path: String
        /// What follows the question mark, undecoded; empty if nothing does.
        public var query: String
        /// By name in lower case; of headers sent twice, the last.
        public var headers: [String: String]
        public var body: [UInt8]

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// One connection, served by one thread.
    final class Connection: Sendable {
        private let socket: Int32
        private let core: Core

        /// Larger heads and bodies are refused, in bytes.
        private static let headLimit = 64 << 10
        private static let bodyLimit = 256 << 20

        init(_ socket: Int32, core: Core) {
            self.socket = socket
            self.core = core
        }

        func serve() {
            var input = Input(socket: socket)
            while let request = read(&input) {
                let responder = Responder(socket)
                core.handler(request, responder)
                guard responder.finish() else { break }
            }
            core.close(socket)
        }

        private func read(_ input: inout Input) -> Request? {
            guard let head = input.take(through: Array("\r\n\r\n".utf8), limit: Self.headLimit) else { return nil }
            let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
            let words = lines.first?.split(separator: " ") ?? []
            guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
                refuse(400, "not an HTTP/1.1 request")
                return nil
            }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                headers[line[..<colon].lowercased()] = String(value)
            }
            guard headers["transfer-encoding"] == nil else {
                refuse(411, "send a Content-Length")
                return nil
            }
            let length = headers["content-length"].flatMap(Int.init) ?? 0
            guard length >= 0, length <= Self.bodyLimit else {
                refuse(413, "the body is too large")
                return nil
            }
            if headers["expect"] != nil { Responder(socket).send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
            guard let body = input.take(length) else { return nil }
            let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            return Request(
                method: String(words[0]),
                path: String(target[0]),
                query: target.count > 1 ? String(target[1]) : "",
                headers: headers,
                body: body
            )
        }

        private func refuse(_ status: Int, _ reason: String) {
            Responder(socket).respond(status: status, headers: ["Connection": "close"], body: reason)
        }
    }

    /// What has been received and not yet been used.
    private struct Input {
        let socket: Int32
        var bytes: [UInt8] = []

        /// Takes everything up to and including `end`; `nil` if the client leaves or sends more than `limit` before.
        mutating func take(through end: [UInt8], limit: Int) -> [UInt8]? {
            var searched = 0
            while true {
                let start = max(0, searched - end.count + 1)
                for index in start..<max(start, bytes.count - end.count + 1)
                where bytes[index..<index + end.count].elementsEqual(end) {
                    return take(index + end.count)
                }
                searched = bytes.count
                guard bytes.count < limit, receive(), let first = bytes.first else { return nil }
                // A TLS handshake, for one, would never come to the end of a head.
                guard first >= UInt8(ascii: "A"), first <= UInt8(ascii: "Z") else { return nil }
            }
        }

        mutating func take(_ count: Int) -> [UInt8]? {
            while bytes.count < count { guard receive() else { return nil } }
            defer { bytes.removeFirst(count) }
            return Array(bytes.prefix(count))
        }

        private mutating func receive() -> Bool {
            withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
                let count = recv(socket, buffer.baseAddress, buffer.count, 0)
                guard count > 0 else { return false }
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return true
            }
        }
    }
}
