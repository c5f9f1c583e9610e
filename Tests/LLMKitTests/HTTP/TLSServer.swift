import Foundation
import Testing

/// A server with a self-signed certificate for 127.0.0.1.
final class TLSServer {
    enum Kind {
        /// Python's, which speaks HTTP/1.1.
        case python
        /// Node's, which speaks HTTP/2.
        case node
        /// One that writes the frames of HTTP/2 itself, see ``TLSServer/framesScript``.
        case frames

        var isAvailable: Bool {
            let tools = [["openssl", "version"], [command, "--version"]]
            return tools.allSatisfy { (try? TLSServer.run($0)) == 0 }
        }

        fileprivate var command: String { self == .node ? "node" : "python3" }
        fileprivate var evaluate: String { self == .node ? "-e" : "-c" }
        fileprivate var script: String {
            switch self {
            case .python: TLSServer.pythonScript
            case .node: TLSServer.nodeScript
            case .frames: TLSServer.framesScript
            }
        }
    }

    let certificate: String
    let url: String
    private let folder: URL
    private let process: Process
    /// The servers leave when it is closed, however the tests end.
    private let leash = Pipe()

    private static let pythonScript = """
        import http.server, os, ssl, sys, threading, time
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                self.send_response(200); self.send_header("Content-Length", "14"); self.end_headers()
                self.wfile.write(b"hello over TLS")
                if self.path.startswith("/farewell"):
                    # Late, the client is idle by then; and what is said and the end of the connection come apart.
                    delay = 0.05 if self.path.endswith("late") else 0
                    time.sleep(delay)
                    self.close_connection = True
                    self.connection.settimeout(0)
                    try: self.connection.unwrap()
                    except OSError: pass
                    time.sleep(delay)
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    private static let nodeScript = """
        const fs = require("fs"), http2 = require("http2");
        const [certificate, key] = process.argv.slice(-2);
        const server = http2.createSecureServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) });
        let sessions = 0, resets = 0, held;
        const seen = {}, sockets = new Set();
        server.on("session", () => sessions++);
        server.on("secureConnection", socket => sockets.add(socket));
        server.on("stream", (stream, headers) => {
            let timer;
            stream.on("error", () => {});
            stream.on("aborted", () => { resets++; clearInterval(timer); });
            const path = headers[":path"], session = stream.session;
            const isFirst = !seen[path];
            seen[path] = (seen[path] || 0) + 1;
            switch (isFirst ? path : "") {
            case "/refused-by-goaway":
                return session.goaway(0, stream.id - 2);
            case "/refused-by-reset":
                return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
            case "/refused-after-hints":
                stream.additionalHeaders({ ":status": 103 });
                return setTimeout(() => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM), 50);
            case "/left-by-goaway":
                session.goaway(0, stream.id);
                return setTimeout(() => session.destroy(), 50);
            case "/left-by-reset":
                return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
            case "/left-by-closing":
                return session.destroy();
            case "/left-by-breaking":
                return sockets.forEach(socket => socket.destroy());
            }
            stream.respond({ ":status": 200 });
            switch (path) {
            case "/seen":
                return stream.end(JSON.stringify(seen));
            case "/counts":
                return stream.end(`${sessions} ${resets}`);
            case "/held":
                stream.write("0 ");
                held = stream;
                return;
            case "/release":
                held.end("1 ");
                return stream.end();
            case "/ticks":
                let ticks = 0;
                stream.write("0 ");
                timer = setInterval(() => {
                    stream.write(`${++ticks} `);
                    if (ticks == 20) { clearInterval(timer); stream.end(); }
                }, 10);
                return;
            case "/hang":
                return stream.write("first");
            case "/large":
                return stream.end(Buffer.alloc(24 << 20, 7));
            default:
                stream.pipe(stream);
            }
        });
        process.stdin.on("end", () => process.exit(0)).resume();
        server.listen(0, "127.0.0.1", () => console.log(server.address().port));
        """

    init(_ kind: Kind = .python) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("llmkit-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("certificate.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        let status = try Self.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=llmkit-test"]
                + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
        )
        try #require(status == 0)
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [kind.command, kind.evaluate, kind.script, certificate, key]
        let output = Pipe()
        process.standardInput = leash
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        url = "https://127.0.0.1:\(port)/"
    }

    func stop() {
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func run(_ command: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
