import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct `HTTP clocks` {
    static func request(_ server: LoopbackServer, _ timeouts: Timeouts) -> HTTPRequest {
        HTTPRequest(url: server.url, timeouts: timeouts)
    }

    @Test(arguments: pollers)
    func `no answer in time is the first-token clock`(portable: Bool) async throws {
        let server = try LoopbackServer { _, responder in responder.hang(milliseconds: 50_000) }
        let client = HTTPClient.forTesting(portable: portable)
        let request = Self.request(
            server,
            Timeouts(firstToken: .milliseconds(80), idle: .seconds(59), total: .seconds(59))
        )
        let start = ContinuousClock.now
        let whole = await failure { () throws(LLMError) in try await client.perform(request) }
        let streamed = await failure { () throws(LLMError) in try await client.open(request).head }
        let elapsed = ContinuousClock.now - start
        for error in [whole, streamed] {
            #expect(error?.code == .timeout)
            #expect(error?.message == "no first token within 0.08 seconds")
            #expect(error?.isRetryable == true)
        }
        #expect(elapsed >= .milliseconds(160))
    }

    @Test func `bytes without a token do not stop the first-token clock`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            while responder.write(": keep-alive\n\n") { if responder.hang(milliseconds: 10) { return } }
        }
        let request = Self.request(server, Timeouts(firstToken: .seconds(1)))
        let stream = try await HTTPClient.forTesting().open(request)
        let error = await failure { () throws(LLMError) in while try await stream.next() != nil {} }
        #expect(error?.code == .timeout)
        #expect(error?.message.contains("first token") == true)
    }

    @Test func `tokens keep the idle clock from running out, silence does not`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            for _ in 0..<8 {
                responder.write("token")
                responder.hang(milliseconds: 70)
            }
            while responder.write(": keep-alive\n\n") { if responder.hang(milliseconds: 10) { return } }
        }
        let request = Self.request(server, Timeouts(firstToken: .seconds(9), idle: .milliseconds(400)))
        let stream = try await HTTPClient.forTesting().open(request)
        var tokens = 0
        let error = await failure { () throws(LLMError) in
            while let bytes = try await stream.next(), bytes.first == UInt8(ascii: "t") {
                stream.tokenArrived()
                tokens += bytes.count { $0 == UInt8(ascii: "t") }
            }
            while try await stream.next() != nil {}
        }
        #expect(tokens == 8)
        #expect(error?.code == .timeout)
        #expect(error?.message == "no further token within 0.4 seconds")
    }

    @Test func `a reader that takes its time is not blamed on the server`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            responder.write("token")
            responder.hang(milliseconds: 700)
            responder.write("token")
            responder.endStream()
        }
        let request = Self.request(server, Timeouts(firstToken: .seconds(9), idle: .milliseconds(400)))
        let stream = try await HTTPClient.forTesting().open(request)
        var text = String(decoding: try #require(try await stream.next()), as: UTF8.self)
        stream.tokenArrived()
        try await Task.sleep(for: .milliseconds(550))
        while let bytes = try await stream.next() {
            text += String(decoding: bytes, as: UTF8.self)
            stream.tokenArrived()
        }
        #expect(text == "tokentoken")
    }

    @Test func `a reader that comes back too late for its first token learns so`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            responder.hang(milliseconds: 50_000)
        }
        let stream = try await HTTPClient.forTesting()
            .open(Self.request(server, Timeouts(firstToken: .seconds(1))))
        try await Task.sleep(for: .milliseconds(1_200))
        let error = await failure { () throws(LLMError) in try await stream.next() }
        #expect(error?.message == "no first token within 1.0 seconds")
    }

    @Test(arguments: pollers)
    func `the total clock ends a stream that flows`(portable: Bool) async throws {
        let (left, leave) = AsyncStream<Bool>.makeStream()
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            while responder.write("token") { if responder.hang(milliseconds: 10) { break } }
            leave.yield(true)
        }
        let request = Self.request(
            server,
            Timeouts(firstToken: .seconds(9), idle: .seconds(9), total: .milliseconds(100))
        )
        let stream = try await HTTPClient.forTesting(portable: portable).open(request)
        let error = await failure { () throws(LLMError) in
            while try await stream.next() != nil { stream.tokenArrived() }
        }
        #expect(error?.code == .timeout)
        #expect(error?.message == "no end of the answer within 0.1 seconds")
        #expect(await left.first { _ in true } == true)
    }

    @Test func `a deadline counts like a total`() async throws {
        let server = try LoopbackServer { _, responder in responder.hang(milliseconds: 50_000) }
        let client = HTTPClient.forTesting()
        var request = Self.request(server, Timeouts(total: .seconds(9)))
        request.deadline = .now + .milliseconds(80)
        let late = await failure { () throws(LLMError) in try await client.perform(request) }
        #expect(late?.code == .timeout)
        #expect(late?.message.contains("deadline") == true)
        request.deadline = .now - .seconds(1)
        let connections = server.connectionCount
        let passed = await failure { () throws(LLMError) in try await client.perform(request) }
        #expect(passed?.code == .timeout)
        #expect(server.connectionCount == connections)
    }

    @Test func `a connection that is not made in time is the connect clock`() async throws {
        // An address of the block for documentation (RFC 5737), where nobody answers; some networks refuse it at once.
        let request = HTTPRequest(url: "http://192.0.2.1:81/", timeouts: Timeouts(connect: .milliseconds(60)))
        let error = await failure { () throws(LLMError) in try await HTTPClient.forTesting().perform(request) }
        if error?.code == .timeout {
            #expect(error?.message == "no connection to 192.0.2.1:81 within 0.06 seconds")
        } else {
            #expect(error?.code == .network)
        }
    }

    @Test func `clocks differ per request on one client`() async throws {
        let server = try LoopbackServer { request, responder in
            responder.hang(milliseconds: 150)
            responder.respond(body: request.body)
        }
        let client = HTTPClient.forTesting()
        async let patient = client.perform(Self.request(server, Timeouts(total: .seconds(9))))
        async let hasty = failure { () throws(LLMError) in
            try await client.perform(Self.request(server, Timeouts(total: .milliseconds(50))))
        }
        #expect(await hasty?.code == .timeout)
        #expect(try await patient.head.status == 200)
    }
}

@Suite struct `Clock arithmetic` {
    @Test func `the earliest expiry is never later than an expiry`() {
        let timeouts = Timeouts(firstToken: .seconds(5), idle: .seconds(1), total: .seconds(20))
        let clocks = TransferClocks(timeouts, deadline: nil)
        let second: Int64 = 1_000_000_000
        for hasToken in [false, true] {
            for waited in [Int64(0), second / 2, second] {
                for since in [nil, Int64(0), 2 * second] as [Int64?] {
                    let progress = TransferClocks.Progress(
                        hasToken: hasToken,
                        waitingSince: since.map { clocks.start + $0 },
                        waited: waited
                    )
                    let now = clocks.start + 3 * second
                    guard clocks.expired(at: now, progress) == nil else { continue }
                    let bound = clocks.earliestExpiry(at: now, progress)
                    for step in stride(from: Int64(0), to: bound - now, by: 10_000_000) {
                        #expect(clocks.expired(at: now + step, progress) == nil)
                    }
                }
            }
        }
    }

    @Test func `durations beyond all sense do not overflow`() {
        #expect(Duration.seconds(Int64.max).nanoseconds > 0)
        #expect(Duration.seconds(Int64.min).nanoseconds < 0)
        let clocks = TransferClocks(Timeouts(total: .seconds(Int64.max)), deadline: .now + .seconds(1 << 40))
        #expect(clocks.expired(at: clocks.start, TransferClocks.Progress()) == nil)
    }
}
