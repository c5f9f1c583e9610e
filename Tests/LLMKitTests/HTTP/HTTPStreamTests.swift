import CPlatform
import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct `HTTP streams` {
    @Test(arguments: pollers)
    func `a stream hands out its bytes as they arrive, and then its end`(portable: Bool) async throws {
        let (turns, next) = AsyncStream<Int>.makeStream()
        let gate = TransferGate()
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            for piece in 0..<5 {
                gate.wait()
                responder.write("piece \(piece);")
                next.yield(piece)
            }
            gate.wait()
            responder.endStream()
        }
        let stream = try await HTTPClient.forTesting(portable: portable).open(HTTPRequest(url: server.url))
        #expect(stream.head.status == 200)
        #expect(stream.head.header("content-type") == "text/event-stream")
        #expect(stream.connect > .zero)
        for piece in 0..<5 {
            gate.open()
            let bytes = try #require(try await stream.next())
            #expect(String(decoding: bytes, as: UTF8.self) == "piece \(piece);")
        }
        gate.open()
        #expect(try await stream.next() == nil)
        #expect(try await stream.next() == nil)
        _ = turns
    }

    @Test func `without TLS, requests do not wait for the first one's answer`() async throws {
        let arrived = Mutex(0)
        // Nobody is answered before all are there, as by models that think.
        let server = try LoopbackServer { _, responder in
            arrived.withLock { $0 += 1 }
            let end = ContinuousClock.now + .seconds(20)
            while arrived.withLock({ $0 < 8 }), .now < end { _ = poll(nil, 0, 1) }
            responder.respond(status: arrived.withLock { $0 == 8 } ? 200 : 504)
        }
        let client = HTTPClient.forTesting()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await client.open(HTTPRequest(url: server.url)).head.status } }
            for try await status in group { #expect(status == 200) }
        }
    }

    @Test func `what arrived while nobody read comes at once`() async throws {
        let (sent, done) = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            for piece in 0..<100 { responder.write("\(piece),") }
            responder.endStream()
            done.finish()
        }
        let stream = try await HTTPClient.forTesting().open(HTTPRequest(url: server.url))
        for await _ in sent {}
        var text = ""
        var reads = 0
        while let bytes = try await stream.next() {
            text += String(decoding: bytes, as: UTF8.self)
            reads += 1
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(text == (0..<100).map { "\($0)," }.joined())
        #expect(reads <= 5)
    }

    @Test(arguments: pollers)
    func `cancelling the reader closes the connection at once`(portable: Bool) async throws {
        let (left, leave) = AsyncStream<Bool>.makeStream()
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            responder.write("first")
            leave.yield(responder.hang(milliseconds: 50_000))
        }
        let client = HTTPClient.forTesting(portable: portable)
        let (started, start) = AsyncStream<Void>.makeStream()
        let reader = Task { () -> LLMError? in
            await failure { () throws(LLMError) in
                let stream = try await client.open(HTTPRequest(url: server.url))
                _ = try await stream.next()
                start.finish()
                _ = try await stream.next()
            }
        }
        for await _ in started {}
        reader.cancel()
        #expect(await reader.value?.code == .cancelled)
        #expect(await left.first { _ in true } == true)
        // The connection of an unfinished answer must not serve another request.
        let next = Task { _ = try? await client.open(HTTPRequest(url: server.url)) }
        _ = await next.value
        #expect(server.connectionCount == 2)
    }

    @Test func `cancelling before the head arrives closes the connection`() async throws {
        let (arrived, arrive) = AsyncStream<Void>.makeStream()
        let (left, leave) = AsyncStream<Bool>.makeStream()
        let server = try LoopbackServer { _, responder in
            arrive.yield()
            leave.yield(responder.hang(milliseconds: 50_000))
        }
        let client = HTTPClient.forTesting()
        for isWhole in [true, false] {
            let caller = Task { () -> LLMError? in
                await failure { () throws(LLMError) in
                    if isWhole { _ = try await client.perform(HTTPRequest(url: server.url)) }
                    _ = try await client.open(HTTPRequest(url: server.url))
                }
            }
            _ = await arrived.first { _ in true }
            caller.cancel()
            #expect(await caller.value?.code == .cancelled)
            #expect(await left.first { _ in true } == true)
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        let server = try LoopbackServer { _, responder in responder.respond(body: "") }
        let client = HTTPClient.forTesting()
        let caller = Task { () -> LLMError? in
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure { () throws(LLMError) in try await client.perform(HTTPRequest(url: server.url)) }
        }
        #expect(await caller.value?.code == .cancelled)
        #expect(server.connectionCount == 0)
    }

    @Test func `letting go of a stream closes the connection`() async throws {
        let (left, leave) = AsyncStream<Bool>.makeStream()
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            responder.write("first")
            leave.yield(responder.hang(milliseconds: 50_000))
        }
        let client = HTTPClient.forTesting()
        var stream: HTTPStream? = try await client.open(HTTPRequest(url: server.url))
        _ = try await stream?.next()
        stream = nil
        #expect(await left.first { _ in true } == true)
    }

    @Test(arguments: pollers)
    func `a slow reader stops the server instead of filling memory`(portable: Bool) async throws {
        let total = 24 << 20
        let sent = Atomic<Int>(0)
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            let piece = [UInt8](repeating: 7, count: 64 << 10)
            for _ in 0..<(total / piece.count) {
                guard responder.write(piece) else { return }
                sent.add(piece.count, ordering: .relaxed)
            }
            responder.endStream()
        }
        let stream = try await HTTPClient.forTesting(portable: portable).open(HTTPRequest(url: server.url))
        var seen = -1
        while seen != sent.load(ordering: .relaxed) {
            seen = sent.load(ordering: .relaxed)
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(seen < total / 2)
        var received = 0
        var largest = 0
        while let bytes = try await stream.next() {
            received += bytes.count
            largest = max(largest, bytes.count)
            #expect(bytes.first == 7 && bytes.last == 7)
        }
        #expect(received == total)
        #expect(largest <= Transfer.pauseThreshold + (128 << 10))
    }

    @Test func `bytes that arrived before the connection broke are delivered first`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            responder.write("half")
        }
        let stream = try await HTTPClient.forTesting().open(HTTPRequest(url: server.url))
        #expect(try await stream.next() == Array("half".utf8))
        let error = await failure { () throws(LLMError) in try await stream.next() }
        #expect(error?.code == .network)
        #expect(error?.isRetryable == true)
    }

    @Test func `two readers of one stream are an error, not a hang`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            responder.hang(milliseconds: 50_000)
        }
        let stream = try await HTTPClient.forTesting().open(HTTPRequest(url: server.url))
        async let first = failure { () throws(LLMError) in try await stream.next() }
        async let second = failure { () throws(LLMError) in try await stream.next() }
        let codes = await [first?.code, second?.code]
        #expect(codes == [.invalidRequest, .invalidRequest])
    }

    @Test func `many streams run side by side over one thread`() async throws {
        let server = try LoopbackServer { request, responder in
            responder.startStream()
            for piece in 0..<20 {
                responder.write("\(request.text).\(piece) ")
                if piece % 5 == 0 { responder.hang(milliseconds: 1) }
            }
            responder.endStream()
        }
        let client = HTTPClient.forTesting()
        let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for index in 0..<200 {
                group.addTask {
                    let stream = try await client.open(HTTPRequest(url: server.url, body: Array("\(index)".utf8)))
                    return (index, String(decoding: try await stream.collect(), as: UTF8.self))
                }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        for index in 0..<200 {
            #expect(texts[index] == (0..<20).map { "\(index).\($0) " }.joined())
        }
    }
}

/// Lets a handler's thread go one step at a time.
final class TransferGate: Sendable {
    private let steps = Mutex(0)

    func open() { steps.withLock { $0 += 1 } }

    func wait() {
        while !steps.withLock({ steps in
            guard steps > 0 else { return false }
            steps -= 1
            return true
        }) { _ = poll(nil, 0, 1) }
    }
}
