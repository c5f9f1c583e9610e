import CCurl
import CPlatform

/// All transfers of a client, driven by whoever holds the loop's lock.
///
/// Not sendable: it lives inside that lock. libcurl's callbacks run while it is held, because libcurl calls them only from
/// within the calls made here.
final class CurlMulti {
    let configuration: HTTPClient.Configuration
    private let poller: any SocketPoller
    private let curl: UnsafeMutableRawPointer
    private var active: [EasyHandle] = []
    private var idle: [EasyHandle] = []
    /// Readers that have what they waited for; they are resumed when the batch is done and the lock is free.
    private var resumable: [Transfer.Waiter] = []
    /// When libcurl wants to be called (0: at once), and when one of our clocks may run out, at the earliest.
    private var curlTimer = Int64.max
    private var nextExpiry = Int64.max
    /// How many of the active transfers are encrypted.
    private var secureCount = 0
    /// What the current turn of the loop brought.
    private(set) var turn = WakeModeration.Turn.nothing
    /// Whether anything was done since the loop last went to sleep.
    private var hasWorked = false
    /// When the loop will wake by itself.
    private(set) var sleepsUntil = Int64.min

    /// Idle handles beyond this are freed: each keeps some 20 KiB.
    private static let keptHandles = 64
    /// After work the loop looks once more this soon, in nanoseconds: a request that comes meanwhile, and whose clocks
    /// run no shorter, need not wake it to move its alarm.
    private static let linger: Int64 = 200_000_000
    /// Clocks are checked no more often than this, in nanoseconds.
    private static let resolution: Int64 = 1_000_000

    init?(_ configuration: HTTPClient.Configuration, poller: any SocketPoller) {
        guard let curl = curl_multi_init() else { return nil }
        self.curl = curl
        self.configuration = configuration
        self.poller = poller
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_socket_callback(
            curl,
            { _, socket, action, context, _ in
                CurlMulti.from(context)?.socketChanged(socket, action)
                return 0
            },
            context
        )
        ccurl_multi_set_timer_callback(
            curl,
            { _, milliseconds, context in
                CurlMulti.from(context)?.timerChanged(milliseconds)
                return 0
            },
            context
        )
        ccurl_multi_set_long(curl, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maxConnectionsPerHost)
        ccurl_multi_set_long(curl, CURLMOPT_MAXCONNECTS, configuration.maxConnectionsPerHost)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlMulti? {
        context.map { Unmanaged<CurlMulti>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Closes all connections; nothing may be active any more.
    func close() {
        idle = []
        curl_multi_cleanup(curl)
    }

    var isIdle: Bool { active.isEmpty }
    /// Whether a thread that may receive a SIGPIPE may drive: TLS libraries write without asking not to be sent one.
    var isPlain: Bool { secureCount == 0 }

    // MARK: Driving

    func handle(_ ready: [ReadySocket]) {
        turn = .nothing
        for event in ready {
            if poller.hasEndedIdle(event) { retire(event.socket) }
            guard poller.confirm(event) else { continue }
            let flags =
                (event.isReadable ? CURL_CSELECT_IN : 0) | (event.isWritable ? CURL_CSELECT_OUT : 0)
                | (event.isBroken ? CURL_CSELECT_ERR : 0)
            act(on: event.socket, flags)
        }
    }

    /// Lets libcurl see that the server closed a connection which is kept for later requests.
    ///
    /// Before it uses one again, libcurl looks whether anything can be read from it. The farewell that TLS sends before it
    /// closes makes libcurl (7.88, for one) take a dead connection for a live one, and send a request into the void. Nobody
    /// wants those bytes, unless they belong to an answer whose reader lags behind.
    private func retire(_ socket: curl_socket_t) {
        guard !active.contains(where: \.isPaused) else { return }
        discardInput(of: socket)
    }

    /// Runs what is due, and reaps what is done.
    func runTimers() {
        hasWorked = true
        while curlTimer != .max, curlTimer == 0 || MonotonicTime.now() >= curlTimer {
            curlTimer = .max
            act(on: curl_socket_t(-1), 0)
        }
        reap()
        if nextExpiry != .max { checkClocks() }
    }

    private func act(on socket: curl_socket_t, _ flags: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(curl, socket, flags, &running)
    }

    private func reap() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(curl, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            var context: UnsafeMutableRawPointer?
            ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context)
            guard let handle = EasyHandle.from(context) else { continue }
            let code = message.pointee.data.result
            finish(handle, code == CURLE_OK && handle.hasHead ? nil : failure(of: handle, code))
        }
    }

    private func failure(of handle: EasyHandle, _ code: CURLcode) -> LLMError? {
        if let failure = handle.failure { return failure }
        guard let request = handle.transfer?.request else { return nil }
        // A stream that ends without a head is no answer, whatever libcurl calls it.
        if code == CURLE_OK { return TransferFailure.unanswered(request) }
        if let status = handle.refusedTunnel { return TransferFailure.refusedByProxy(status, request, configuration) }
        return TransferFailure.error(for: code, request, configuration: configuration, hasHead: handle.hasHead)
    }

    private func checkClocks() {
        let now = MonotonicTime.now()
        guard now >= nextExpiry else { return }
        nextExpiry = .max
        for handle in active {
            guard let transfer = handle.transfer else { continue }
            let (expired, next) = transfer.checkClocks(at: now)
            if let expired {
                finish(handle, expired)
            } else {
                nextExpiry = min(nextExpiry, max(next, now + Self.resolution))
            }
        }
    }

    // MARK: Commands

    func start(_ transfer: Transfer) {
        let (expired, next) = transfer.checkClocks(at: transfer.clocks.start)
        if var expired {
            expired.reachedUpstream = false
            return resumeLater(transfer.finish(expired))
        }
        guard let handle = idle.popLast() ?? EasyHandle(configuration, owner: self) else {
            return resumeLater(transfer.finish(TransferFailure.systemLimit("libcurl gave no handle")))
        }
        handle.prepare(transfer)
        handle.place = active.count
        active.append(handle)
        secureCount += transfer.request.isSecure ? 1 : 0
        nextExpiry = min(nextExpiry, next)
        if curl_multi_add_handle(curl, handle.curl) != CURLM_OK {
            finish(handle, TransferFailure.systemLimit("libcurl refused a transfer"))
        }
    }

    func stop(_ transfer: Transfer) {
        guard let handle = active.first(where: { $0.transfer === transfer }) else {
            return resumeLater(transfer.finish(TransferFailure.cancelled))
        }
        finish(handle, TransferFailure.cancelled)
    }

    func proceed(_ transfer: Transfer) {
        guard let handle = active.first(where: { $0.transfer === transfer }) else { return }
        handle.proceed()
    }

    /// Takes a transfer off; one that is not complete loses its connection with it.
    private func finish(_ handle: EasyHandle, _ failure: LLMError?) {
        guard let transfer = handle.transfer else { return }
        var failure = failure
        failure?.reachedUpstream = handle.mayHaveSentAll
        curl_multi_remove_handle(curl, handle.curl)
        secureCount -= transfer.request.isSecure ? 1 : 0
        if let last = active.popLast(), last !== handle {
            active[handle.place] = last
            last.place = handle.place
        }
        handle.release()
        delivered(.milestones)
        // libcurl may remember a refusal, and the next transfer would inherit it; and one that got no connection may have
        // kept its buffer, whose size cannot be changed then.
        let isSecure = transfer.request.isSecure
        let isClean = failure == nil ? !isSecure || !handle.mayRememberRefusal : !isSecure && handle.hasConnection
        if isClean, idle.count < Self.keptHandles { idle.append(handle) }
        resumeLater(transfer.finish(failure))
    }

    func delivered(_ turn: WakeModeration.Turn) {
        if self.turn != .milestones { self.turn = turn }
    }

    func resumeLater(_ waiter: Transfer.Waiter?) {
        if let waiter { resumable.append(waiter) }
    }

    /// Hands over the readers to resume, leaving room for the next ones.
    func takeResumable(into waiters: inout [Transfer.Waiter]) {
        if waiters.isEmpty {
            swap(&waiters, &resumable)
        } else {
            waiters += resumable
            resumable.removeAll(keepingCapacity: true)
        }
    }

    // MARK: Sleeping

    /// Until when the loop may sleep if nothing happens.
    private var nextAlarm: Int64 { min(curlTimer, nextExpiry) }

    /// Whether the loop, asleep, must be woken because of what was done meanwhile.
    func takesWaking() -> Bool {
        guard nextAlarm < sleepsUntil else { return poller.hasUnseenChanges }
        sleepsUntil = nextAlarm
        return true
    }

    /// Decides how long the loop sleeps, in milliseconds; -1 is for ever.
    func prepareToSleep() -> Int32 {
        poller.prepareToWait()
        var alarm = nextAlarm
        if hasWorked || alarm != .max {
            let now = MonotonicTime.now()
            if hasWorked { alarm = min(alarm, now + Self.linger) }
            hasWorked = false
            sleepsUntil = alarm
            return Int32(clamping: (max(0, alarm - now) + 999_999) / 1_000_000)
        }
        sleepsUntil = alarm
        return -1
    }

    // MARK: What libcurl reports

    func configureSockets(of easy: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_open_callback(
            easy,
            { context, _, address in
                guard let multi = CurlMulti.from(context), let address = address?.pointee else { return -1 }
                // A child process of the app must not keep a vendor's connection open.
                let socket = socketClosedOnExec(address.family, address.socktype, address.protocol)
                if socket >= 0 { multi.poller.opened(socket) }
                return socket
            },
            context
        )
        ccurl_set_close_callback(
            easy,
            { context, socket in
                CurlMulti.from(context)?.poller.willClose(socket)
                closeDescriptor(socket)
                return 0
            },
            context
        )
    }

    private func socketChanged(_ socket: curl_socket_t, _ action: Int32) {
        switch action {
        case CURL_POLL_IN: poller.watch(socket, for: .readable)
        case CURL_POLL_OUT: poller.watch(socket, for: .writable)
        case CURL_POLL_INOUT: poller.watch(socket, for: [.readable, .writable])
        case CURL_POLL_REMOVE: poller.unwatch(socket)
        default: break
        }
    }

    private func timerChanged(_ milliseconds: Int) {
        switch milliseconds {
        case ..<0: curlTimer = .max
        case 0: curlTimer = 0
        default: curlTimer = MonotonicTime.now() + Int64(milliseconds) * 1_000_000
        }
    }
}
