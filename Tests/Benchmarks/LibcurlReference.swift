import CCurl

/// The same calls over bare libcurl: nothing is parsed, a stream is only read to its end. One call at a time uses the easy
/// interface, several the multi interface. What the gateway costs is counted from here.
struct LibcurlReference {
    private let url: String
    private let key: String
    private let body: [UInt8]
    private let concurrency: Int
    private let seconds: Double
    /// A fixed number of calls instead of a time.
    private let calls: Int?
    /// The file of the authority that an `https` URL needs.
    private let authority: String?
    private let isPaced: Bool
    private static let warmUp = 0.3

    init(_ options: Options) throws {
        let base = options.text("url", "http://127.0.0.1:9901/v1")
        isPaced = options.optionalText("pace") != nil
        url = (isPaced ? try PacedEvents.url(base, pace: options.double("pace", 5)) : base) + "/chat/completions"
        authority = options.optionalText("ca")
        key = options.text("key", "sk-mock")
        concurrency = try options.int("conc", 1)
        seconds = try options.double("secs", 2)
        calls = options.optionalText("calls") == nil ? nil : try options.int("calls", 1)
        let stream =
            options.text("mode", "chat") == "stream" || isPaced
            ? #","stream":true,"stream_options":{"include_usage":true}"# : ""
        let bytes = try options.int("bytes", 58)
        let prompt = String(
            String(repeating: "Say hello in twenty tokens please, and be quick about it. ", count: bytes / 58 + 1)
                .prefix(bytes)
        )
        body = Array(#"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"\#(prompt)"}]\#(stream)}"#.utf8)
    }

    /// One transfer, used again and again.
    private final class Job {
        let easy: UnsafeMutableRawPointer
        var began = 0.0
        var firstByte = 0.0
        /// How long each event was under way; `nil` unless they say so.
        var delays: Samples?
        init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }
        deinit { curl_easy_cleanup(easy) }
    }

    func run() throws {
        curl_global_init(Int(CURL_GLOBAL_ALL))
        var headers: UnsafeMutablePointer<curl_slist>?
        for header in ["Content-Type: application/json", "Authorization: Bearer \(key)", "Expect:"] {
            headers = curl_slist_append(headers, header)
        }
        defer { curl_slist_free_all(headers) }
        try body.withUnsafeBufferPointer { body in
            let jobs = try (0..<concurrency).map { _ in try prepare(headers, body) }
            let result = concurrency == 1 ? measureEasy(jobs[0]) : measureMulti(jobs)
            report(result)
        }
    }

    private func prepare(
        _ headers: UnsafeMutablePointer<curl_slist>?,
        _ body: UnsafeBufferPointer<UInt8>
    ) throws -> Job {
        guard let easy = curl_easy_init() else { throw UsageError(message: "libcurl has no handle to give") }
        let job = Job(easy)
        if isPaced { job.delays = Samples() }
        if let authority { ccurl_set_string(easy, CURLOPT_CAINFO, authority) }
        ccurl_set_string(easy, CURLOPT_URL, url)
        ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress)
        ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        let context = Unmanaged.passUnretained(job).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let context else { return 0 }
            let job = Unmanaged<Job>.fromOpaque(context).takeUnretainedValue()
            if job.firstByte == 0 { job.firstByte = monotonicSeconds() }
            if job.delays != nil, let bytes {
                for delay in PacedEvents.delays(in: UnsafeRawBufferPointer(start: bytes, count: size * count)) {
                    job.delays?.add(delay)
                }
            }
            return size * count
        }
        return job
    }

    private struct Result {
        var latencies = Samples()
        var firstBytes = Samples()
        var delays = Samples()
        var errors = 0
        var cpu = 0.0
        var wall = 0.0
    }

    private func begin(_ job: Job) {
        job.firstByte = 0
        job.began = monotonicSeconds()
    }

    private func finish(_ job: Job, _ code: CURLcode, since start: Double, _ result: inout Result) {
        var status = 0
        ccurl_get_long(job.easy, CURLINFO_RESPONSE_CODE, &status)
        guard code == CURLE_OK, status == 200 else {
            result.errors += 1
            return
        }
        let delays = job.delays
        if delays != nil { job.delays = Samples() }
        guard job.began >= start else { return }
        if let delays { result.delays.add(delays) }
        result.latencies.add(monotonicSeconds() - job.began)
        result.firstBytes.add(job.firstByte - job.began)
    }

    private func measureEasy(_ job: Job) -> Result {
        var result = Result()
        let start = monotonicSeconds() + Self.warmUp
        var cpuAtStart: Double?
        while calls.map({ result.latencies.count < $0 }) ?? (monotonicSeconds() < start + seconds) {
            if cpuAtStart == nil, monotonicSeconds() >= start { cpuAtStart = cpuSeconds() }
            begin(job)
            finish(job, curl_easy_perform(job.easy), since: start, &result)
            if result.errors > 1000 { break }
        }
        result.cpu = cpuSeconds() - (cpuAtStart ?? 0)
        result.wall = monotonicSeconds() - start
        return result
    }

    private func measureMulti(_ jobs: [Job]) -> Result {
        var result = Result()
        guard let multi = curl_multi_init() else { return result }
        defer { curl_multi_cleanup(multi) }
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, concurrency + 8)
        let start = monotonicSeconds() + Self.warmUp
        for job in jobs {
            begin(job)
            curl_multi_add_handle(multi, job.easy)
        }
        var cpuAtStart: Double?
        var running: Int32 = 1
        while monotonicSeconds() < start + seconds {
            if cpuAtStart == nil, monotonicSeconds() >= start { cpuAtStart = cpuSeconds() }
            curl_multi_perform(multi, &running)
            var left: Int32 = 0
            var finishedAny = false
            while let message = curl_multi_info_read(multi, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                    let job = jobs.first(where: { $0.easy == easy })
                else { continue }
                finish(job, message.pointee.data.result, since: start, &result)
                curl_multi_remove_handle(multi, easy)
                begin(job)
                curl_multi_add_handle(multi, easy)
                finishedAny = true
            }
            if !finishedAny { curl_multi_poll(multi, nil, 0, 100, nil) }
        }
        result.cpu = cpuSeconds() - (cpuAtStart ?? 0)
        result.wall = monotonicSeconds() - start
        for job in jobs { curl_multi_remove_handle(multi, job.easy) }
        return result
    }

    private func report(_ result: Result) {
        var line = ResultLine()
        line.add("cpu_us", result.cpu * 1e6 / Double(max(1, result.latencies.count)))
        line.add("calls", result.latencies.count)
        line.add("calls_s", Double(result.latencies.count) / result.wall)
        line.add("p50", result.latencies.microseconds(at: 0.5))
        line.add("p99", result.latencies.microseconds(at: 0.99))
        line.add("ttft50", result.firstBytes.microseconds(at: 0.5))
        if isPaced {
            line.add("delay50", result.delays.microseconds(at: 0.5))
            line.add("delay99", result.delays.microseconds(at: 0.99))
        }
        line.add("rss_mib", peakResidentMiB())
        line.add("errors", result.errors)
        line.print()
    }
}
