import CPlatform
import LLMKit
import LLMKitTesting

extension SimulatedVendor {
    /// Serves this vendor on the loopback address, until the server is let go of; port 0 takes a free one.
    func serve(port: UInt16) throws -> LoopbackServer {
        try LoopbackServer(port: port) { request, responder in
            let path = request.query.isEmpty ? request.path : "\(request.path)?\(request.query)"
            let reply = self.reply(
                to: VendorRequest(method: request.method, path: path, headers: request.headers, body: request.body)
            )
            reply.play(on: responder)
        }
    }
}

extension HTTPReply {
    /// Sends the pieces at their times; connections have threads of their own here, so waiting may block.
    fileprivate func play(on responder: LoopbackServer.Responder) {
        let headers = Dictionary(headers.map { ($0.name, $0.value) }) { _, last in last }
        guard isStream else {
            if let chunk = chunks.first {
                Self.pause(chunk.delay)
                responder.respond(status: status, headers: headers, body: chunk.bytes)
            }
            return
        }
        var isStarted = false
        for chunk in chunks {
            Self.pause(chunk.delay)
            // Real vendors send the head with the first event, so that is when the client sees it.
            if !isStarted { responder.startStream(status: status, headers: headers) }
            isStarted = true
            guard responder.write(chunk.bytes) else { return }
        }
        if !isCut { responder.endStream() }
    }

    private static func pause(_ duration: Duration) {
        guard duration > .zero else { return }
        let (seconds, attoseconds) = duration.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        nanosleep(&time, nil)
    }
}
