import NIOCore
import NIOPosix

/// A client that can leave: a bare socket.
struct Client {
    var port: Int

    /// Posts JSON, reads until it has enough or the server hangs up, leaves, and returns what it has read.
    func post(
        _ path: String,
        _ json: String,
        headers: [String: String] = [:],
        until hasEnough: (String) async throws -> Bool = { _ in false }
    ) async throws -> String {
        let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        let head = "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(json.utf8.count)\r\n\(fields)\r\n"
        return try await send(head + json, until: hasEnough)
    }

    func get(_ path: String) async throws -> String {
        try await send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") { _ in false }
    }

    private func send(_ request: String, until hasEnough: (String) async throws -> Bool) async throws -> String {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var text = ""
            for try await buffer in inbound {
                text += String(buffer: buffer)
                if try await hasEnough(text) { break }
            }
            return text
        }
    }
}
