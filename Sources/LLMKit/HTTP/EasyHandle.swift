import CCurl

/// A libcurl handle with what it points to, used for one transfer after another.
///
/// Not sendable: it is touched only under the loop's lock, libcurl's callbacks included.
final class EasyHandle {
    let curl: UnsafeMutableRawPointer
    /// The transfer that the handle runs, with its place among those under way.
    private(set) var transfer: Transfer?
    var place = 0
    /// What a callback found wrong; it then ends the transfer.
    private(set) var failure: LLMError?

    private unowned let owner: CurlMulti
    private var memory = RequestMemory()
    /// What the handle is set to send.
    private var method: HTTPRequest.Method?
    private var sendsBody = false
    private var connectTimeout = -1
    /// The lines of the head that is arriving, without the status line.
    private var lines: [UInt8] = []
    /// What all heads of the answer (interim ones, trailers) have taken so far, in bytes.
    private var headSize = 0
    private var status = 0
    private(set) var hasHead = false
    /// Whether a connection stood ready for the request, TLS and proxies included.
    private(set) var hasConnection = false
    /// What libcurl had sent by then, in bytes: a proxy that makes a tunnel is asked before.
    private var sentBefore = 0
    /// Whether libcurl is set for a connection that may turn out to be HTTP/2: only within TLS is it spoken.
    private var isForTLS = false
    /// Whether libcurl is set to repeat nothing but what a server refused.
    private var repeatsRefusedOnly = false
    /// Whether libcurl is about to repeat the request because the server said that it did not touch it.
    private var isRefused = false
    /// Whether libcurl repeated the request for another reason: should it have been refused as well, it forgot to forget that.
    private(set) var mayRememberRefusal = false
    private var expectedLength = 0
    /// Whether libcurl was told to wait for a reader that lags behind.
    private(set) var isPaused = false

    /// What is read at once, in bytes: every concurrent transfer has a buffer of this size.
    private static let bufferSize = 16 << 10
    /// The same where streams may share a connection.
    ///
    /// Before 8.1.0, libcurl puts what it reads for another stream into that one's buffer. If that is full, it stops within a
    /// frame, and goes on only when something more comes: if the frame was the last one, an answer that is all there does not
    /// end before a clock runs out. 17 KiB that come at once are enough for that with an ordinary buffer. This is the largest
    /// that those versions take, and only what is filled takes memory.
    private static let sharedBufferSize = ccurl_version() < 0x080100 ? 512 << 10 : bufferSize
    /// libcurl's own, in seconds, where no clock is set.
    static let defaultConnectTimeout = 300

    init?(_ configuration: HTTPClient.Configuration, owner: CurlMulti) {
        guard let curl = curl_easy_init() else { return nil }
        self.curl = curl
        self.owner = owner
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(curl, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(curl, CURLOPT_WRITEDATA, context)
        ccurl_set_pointer(curl, CURLOPT_HEADERDATA, context)
        ccurl_set_data_callback(curl, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let handle = EasyHandle.from(context) else { return 0 }
            let start = UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self)
            return handle.receiveBody(UnsafeBufferPointer(start: start, count: size * count))
        }
        ccurl_set_data_callback(curl, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let handle = EasyHandle.from(context) else { return 0 }
            let start = UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self)
            let line = UnsafeBufferPointer(start: start, count: size * count)
            return handle.receiveHeader(line) ? line.count : 0
        }
        // Unlike libcurl's times, this never tells of the transfer before.
        ccurl_set_prereq_callback(
            curl,
            { context, _, _, _, _ in
                let isAllowed = EasyHandle.from(context)?.mayBegin() ?? false
                return isAllowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            },
            context
        )
        if Self.tellsRefusals {
            ccurl_set_debug_callback(
                curl,
                { _, kind, bytes, count, context in
                    let start = UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self)
                    EasyHandle.from(context)?.receive(UnsafeBufferPointer(start: start, count: count), of: kind)
                    return 0
                },
                context
            )
        }
        owner.configureSockets(of: curl)
        ccurl_set_long(curl, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(curl, CURLOPT_TCP_NODELAY, 1)
        ccurl_set_long(curl, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(curl, CURLOPT_BUFFERSIZE, Self.bufferSize)
        ccurl_set_long(curl, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_string(curl, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_long(curl, CURLOPT_SSL_VERIFYPEER, 1)
        ccurl_set_long(curl, CURLOPT_SSL_VERIFYHOST, 2)
        ccurl_set_long(curl, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        ccurl_set_long(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Asked for is what can be unpacked here: libcurl would go by the label, which lies.
        ccurl_set_string(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
        ccurl_set_long(curl, CURLOPT_HTTP_CONTENT_DECODING, 0)
        ccurl_set_string(curl, CURLOPT_USERAGENT, configuration.userAgent)
        if let proxy = configuration.proxyOption { ccurl_set_string(curl, CURLOPT_PROXY, proxy) }
        // A proxy that the app names is for every host, whatever `no_proxy` says.
        if case .url = configuration.proxy { ccurl_set_string(curl, CURLOPT_NOPROXY, "") }
        if let bundle = configuration.effectiveCABundle { ccurl_set_string(curl, CURLOPT_CAINFO, bundle) }
    }

    deinit { curl_easy_cleanup(curl) }

    static func from(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
        context.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    func prepare(_ transfer: Transfer) {
        self.transfer = transfer
        failure = nil
        hasConnection = false
        headSize = 0
        isPaused = false
        beginHead()
        mayRememberRefusal = false
        forgetRefusal()
        let request = transfer.request
        if isForTLS != request.isSecure {
            isForTLS = request.isSecure
            ccurl_set_long(curl, CURLOPT_BUFFERSIZE, isForTLS ? Self.sharedBufferSize : Self.bufferSize)
            // Better to wait for the one connection that is being made than to make a second: it may be shared (HTTP/2). That
            // shows with the handshake; without TLS only with the head of an answer, which a model may think about for
            // seconds, and never to be shared.
            ccurl_set_long(curl, CURLOPT_PIPEWAIT, isForTLS ? 1 : 0)
            if Self.tellsRefusals { ccurl_set_long(curl, CURLOPT_VERBOSE, isForTLS ? 1 : 0) }
        }
        memory.fill(with: request)
        ccurl_set_string(curl, CURLOPT_URL, memory.url)
        ccurl_set_pointer(curl, CURLOPT_HTTPHEADER, memory.headers)
        if method != request.method || sendsBody != request.sendsBody {
            method = request.method
            sendsBody = request.sendsBody
            // libcurl has two ways to send, with a body and without; any other method is but another word for one of them.
            ccurl_set_long(curl, sendsBody ? CURLOPT_POST : CURLOPT_HTTPGET, 1)
            let isOwn = request.method == .get || request.method == .post
            ccurl_set_string(curl, CURLOPT_CUSTOMREQUEST, isOwn ? nil : request.method.rawValue)
        }
        if sendsBody {
            ccurl_set_size(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            ccurl_set_pointer(curl, CURLOPT_POSTFIELDS, memory.body)
        }
        // To libcurl, zero is its own default, and more than an int holds an error.
        let timeout =
            transfer.clocks.connect.map { Int(min(max(1, $0.nanoseconds / 1_000_000), Int64(Int32.max))) } ?? 0
        if connectTimeout != timeout {
            connectTimeout = timeout
            ccurl_set_long(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout)
        }
    }

    /// Offers the bytes again that the reader had no room for.
    func proceed() {
        isPaused = false
        curl_easy_pause(curl, CURLPAUSE_CONT)
    }

    /// Lets go of the transfer, so that the handle can serve another.
    func release() {
        transfer = nil
        failure = nil
        isPaused = false
        memory.trim()
    }

    /// Whether the server may have the whole request.
    ///
    /// In doubt it may: libcurl starts counting anew where it repeats a request on a fresh connection.
    var mayHaveSentAll: Bool {
        guard let transfer, hasConnection else { return false }
        var sent: curl_off_t = 0
        ccurl_get_size(curl, CURLINFO_SIZE_UPLOAD_T, &sent)
        return status > 0 || sent == 0 || sent >= curl_off_t(transfer.request.body.count)
    }

    /// The status with which a proxy refused to make a tunnel; `nil` if none did.
    var refusedTunnel: Int? {
        var status = 0
        ccurl_get_long(curl, CURLINFO_HTTP_CONNECTCODE, &status)
        return status >= 300 ? status : nil
    }

    // MARK: Refusals

    /// Whether libcurl keeps what became of a stream with the stream: old ones kept it with the connection.
    private static let tellsRefusals = ccurl_version() >= 0x075800

    /// Takes what libcurl says about its work, of which two things matter.
    ///
    /// An HTTP/2 server that ends a connection says up to which stream it got (GOAWAY), and one that has no room refuses a
    /// stream (REFUSED_STREAM): by RFC 9113, 6.8 and 8.7, it did nothing for those requests, and they may be repeated
    /// without any being done twice. libcurl does so, but repeats on kept connections whatever else went wrong, too, and only
    /// its diagnostics tell one from the other, if even they do: on a kept connection it does not ask whether the stream was
    /// refused, because it repeats anyway. With `CURL_RTSPREQ_RECEIVE`, which means nothing to HTTP, it does not repeat
    /// anyway. Should another version of it say or do something else, requests are not repeated.
    private func receive(_ bytes: UnsafeBufferPointer<UInt8>, of kind: curl_infotype) {
        guard !mayRememberRefusal else { return }
        switch kind {
        case CURLINFO_HEADER_OUT where bytes.prefix { $0 != 0x0D }.reversed().starts(with: " HTTP/2".utf8.reversed()):
            repeatsRefusedOnly = true
            ccurl_set_long(curl, CURLOPT_RTSP_REQUEST, Int(CURL_RTSPREQ_RECEIVE))
        case CURLINFO_TEXT where repeatsRefusedOnly && bytes.starts(with: "REFUSED_STREAM, retrying".utf8):
            isRefused = true
        default: break
        }
    }

    private func forgetRefusal() {
        isRefused = false
        guard repeatsRefusedOnly else { return }
        // Until the request is sent, libcurl may repeat it.
        repeatsRefusedOnly = false
        ccurl_set_long(curl, CURLOPT_RTSP_REQUEST, Int(CURL_RTSPREQ_NONE))
    }

    // MARK: What libcurl reports

    /// Called whenever a connection stands ready for the request; `false` ends the transfer.
    ///
    /// Where a kept connection ends without an answer, libcurl starts over on another one, up to five times. But the server
    /// may have read the request, and done its work, before the connection broke; so only a request of which nothing left
    /// goes out again, or one of which the server says that it did not touch it (HTTP/2, see ``receive(_:of:)``). Whether to
    /// repeat any other is for the retry policy to say, which counts what it repeats. A connection that the server closed
    /// while it was idle is found out before, and costs nothing.
    private func mayBegin() -> Bool {
        var sent = 0
        ccurl_get_long(curl, CURLINFO_REQUEST_SIZE, &sent)
        if hasConnection, sent > sentBefore, !isRefused {
            failure = transfer.map { TransferFailure.unanswered($0.request) }
            return false
        }
        if hasConnection, !isRefused { mayRememberRefusal = true }
        forgetRefusal()
        hasConnection = true
        sentBefore = sent
        return true
    }

    private func beginHead() {
        lines.removeAll(keepingCapacity: true)
        status = 0
        hasHead = false
        expectedLength = 0
    }

    /// Takes a line of the head; `false` ends the transfer.
    private func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let transfer else { return false }
        headSize += line.count
        guard headSize <= owner.configuration.maxHeaderBytes else {
            failure = TransferFailure.headTooLarge(owner.configuration.maxHeaderBytes)
            return false
        }
        // What comes after the body (trailers) is of no interest.
        if hasHead { return true }
        if let status = Self.status(in: line) {
            beginHead()
            self.status = status
            return true
        }
        guard line.contains(where: { $0 != 0x0D && $0 != 0x0A }) else {
            return status < 200 || finishHead(transfer)
        }
        lines.append(contentsOf: line)
        return true
    }

    /// The status in `HTTP/1.1 200 OK`; `nil` for other lines.
    private static func status(in line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard line.starts(with: "HTTP/".utf8), let space = line.firstIndex(of: 0x20) else { return nil }
        let digits = line[(space + 1)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
        return digits.count == 3 ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
    }

    private func finishHead(_ transfer: Transfer) -> Bool {
        hasHead = true
        let head = HTTPResponseHead(status: status, lines: lines)
        // Only a proxy answers so, in place of a server that has not seen the request.
        if status == 407 {
            failure = TransferFailure.refusedByProxy(status, transfer.request, owner.configuration)
            return false
        }
        if (300..<400).contains(status), let location = head.header("location") {
            failure = TransferFailure.redirect(head, location, of: transfer.request)
            return false
        }
        var length: curl_off_t = 0
        ccurl_get_size(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length)
        // Only a hint: a server must not make us reserve what it never sends.
        expectedLength = min(max(0, Int(length)), 1 << 20)
        owner.delivered(.milestones)
        owner.resumeLater(transfer.receive(head, connect: connectTime()))
        return true
    }

    private func connectTime() -> Duration {
        var connections = 0
        ccurl_get_long(curl, CURLINFO_NUM_CONNECTS, &connections)
        guard connections > 0 else { return .zero }
        var tcp: curl_off_t = 0
        var tls: curl_off_t = 0
        ccurl_get_size(curl, CURLINFO_CONNECT_TIME_T, &tcp)
        ccurl_get_size(curl, CURLINFO_APPCONNECT_TIME_T, &tls)
        return .microseconds(max(tcp, tls))
    }

    private func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let transfer else { return 0 }
        let limit = owner.configuration.maxBodyBytes
        switch transfer.receive(bytes, limit: limit, expecting: expectedLength) {
        case .taken(let waiter):
            // A full buffer says that the socket holds more: no reason to wait.
            owner.delivered(transfer.isWhole || bytes.count >= Self.bufferSize / 2 ? .milestones : .pieces)
            owner.resumeLater(waiter)
            return bytes.count
        case .paused:
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .tooLarge:
            failure = TransferFailure.bodyTooLarge(limit)
            return 0
        }
    }
}

extension HTTPClient.Configuration {
    /// The command-line tool reads these variables, the library leaves that to us.
    var effectiveCABundle: String? {
        caBundle ?? environmentVariable("CURL_CA_BUNDLE") ?? environmentVariable("SSL_CERT_FILE")
    }
}
