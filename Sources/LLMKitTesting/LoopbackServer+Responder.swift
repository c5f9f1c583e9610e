import CPlatform
import LLMKit

extension LoopbackServer {
    /// Answers one request, inside the handler that it was passed to.
    public final class Responder {
        private enum State {
            case waiting
            case streaming
            case done
            case broken
        }

        private let socket: Int32
        private var state = State.waiting

        init(_ socket: Int32) { self.socket = socket }

        /// Sends a whole answer.
        public func respond(status: Int = 200, headers: [String: String] = [:], body: [UInt8] = []) {
            guard state == .waiting else { return }
            state = .done
            send(Self.head(status, headers, framing: "Content-Length: \(body.count)") + body)
        }

        /// Sends a whole answer.
        public func respond(status: Int = 200, headers: [String: String] = [:], body: String) {
            respond(status: status, headers: headers, body: Array(body.utf8))
        }

        /// Sends the head of an answer that comes in pieces.
        public func startStream(status: Int = 200, headers: [String: String] = [:]) {
            guard state == .waiting else { return }
            state = .streaming
            send(Self.head(status, headers, framing: "Transfer-Encoding: chunked"))
        }

        /// Sends a piece, as one HTTP chunk in one system call, waiting while the client does not read.
        /// - Returns: `false` once the client has gone.
        @discardableResult
        public func write(_ bytes: [UInt8]) -> Bool {
            guard state == .streaming else { return false }
            guard !bytes.isEmpty else { return true }
            let size = Array("\(String(bytes.count, radix: 16))\r\n".utf8)
            return send(size + bytes + [0x0D, 0x0A])
        }

        /// Sends a piece, as one HTTP chunk in one system call, waiting while the client does not read.
        /// - Returns: `false` once the client has gone.
        @discardableResult
        public func write(_ text: String) -> Bool { write(Array(text.utf8)) }

        /// Ends an answer that came in pieces.
        public func endStream() {
            guard state == .streaming else { return }
            state = .done
            send(Array("0\r\n\r\n".utf8))
        }

        /// Sends bytes as they are, for answers that no proper server gives.
        ///
        /// The connection is closed when the handler returns, unless a stream was started and ended as well.
        @discardableResult
        package func sendRaw(_ bytes: [UInt8]) -> Bool {
            if state == .waiting { state = .broken }
            return send(bytes)
        }

        /// Breaks the connection with a reset, as a crashing server does.
        package func abort() {
            state = .broken
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }

        /// Blocks until the client has closed the connection, or the server is stopped, as a server that hangs.
        /// - Parameter milliseconds: how long to wait at most; -1 is for ever.
        /// - Returns: whether the client has gone.
        @discardableResult
        package func hang(milliseconds: Int32 = -1) -> Bool {
            var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, milliseconds) > 0 else { return false }
            var byte: UInt8 = 0
            return recv(socket, &byte, 1, Int32(MSG_PEEK)) <= 0
        }

        /// Ends what the handler left open.
        /// - Returns: whether the connection can take another request.
        func finish() -> Bool {
            if state == .waiting { respond(status: 500, body: "the handler did not answer") }
            return state == .done
        }

        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            let isSent = bytes.withUnsafeBytes { bytes in
                var sent = 0
                while sent < bytes.count {
                    let count = sendWithoutSignal(socket, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
                    if count <= 0 { return false }
                    sent += count
                }
                return true
            }
            if !isSent { state = .broken }
            return isSent
        }

        private static func head(_ status: Int, _ headers: [String: String], framing: String) -> [UInt8] {
            var text = "HTTP/1.1 \(status) \(reasons[status] ?? "")\r\n\(framing)\r\n"
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
            return Array((text + "\r\n").utf8)
        }

        /// RFC 9110, 15, and what vendors add to it.
        private static let reasons = [
            200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
            304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
            401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
            406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 413: "Content Too Large",
            415: "Unsupported Media Type", 422: "Unprocessable Content", 424: "Failed Dependency",
            429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
            503: "Service Unavailable", 504: "Gateway Timeout", 529: "Site Overloaded",
        ]
    }
}
