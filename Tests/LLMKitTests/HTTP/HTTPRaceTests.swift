import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Cancellation, clocks and answers race: every call must end once, be sent once at most, and leave nothing behind.
@Suite(.timeLimit(.minutes(5))) struct `HTTP races` {
    @Test(arguments: pollers)
    func `calls that end at any moment end once, are sent once, and leave nothing behind`(portable: Bool) async throws {
        let received = Mutex<[String: Int]>([:])
        let server = try LoopbackServer { request, responder in
            received.withLock { $0[request.text, default: 0] += 1 }
            var random = SeededGenerator(seed: UInt64(request.text) ?? 0)
            responder.hang(milliseconds: Int32.random(in: 0...3, using: &random))
            guard Bool.random(using: &random) else { return responder.respond(body: "answer") }
            responder.startStream()
            responder.write("ans")
            responder.hang(milliseconds: Int32.random(in: 0...2, using: &random))
            responder.write("wer")
            responder.endStream()
        }
        let client = HTTPClient.forTesting(portable: portable)
        let loop = try client.loop.get()
        let tally = Tally()
        let workers = 40
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    for index in 0..<(2000 / workers) {
                        let id = worker * 1000 + index
                        var random = SeededGenerator(seed: UInt64(id) &+ 77)
                        var timeouts = Timeouts()
                        if id % 3 == 0 { timeouts.total = .microseconds(Int.random(in: 1...6000, using: &random)) }
                        if id % 5 == 0 { timeouts.firstToken = .microseconds(Int.random(in: 1...6000, using: &random)) }
                        let request = HTTPRequest(url: server.url, body: Array("\(id)".utf8), timeouts: timeouts)
                        guard let transfer = try? Transfer(request, isWhole: id % 2 == 0) else { continue }
                        tally.remains.withLock { $0.append(Remains(transfer)) }
                        let call = Task { await Self.outcome(of: transfer, loop) }
                        if id % 4 != 0 {
                            let pause = Int.random(in: 0...5000, using: &random)
                            if pause > 500 { try? await Task.sleep(for: .microseconds(pause)) }
                            call.cancel()
                        }
                        let outcome = await call.value
                        tally.outcomes.withLock { $0[outcome, default: 0] += 1 }
                    }
                }
            }
        }
        let counts = tally.outcomes.withLock { $0 }
        #expect(counts.values.reduce(0, +) == 2000)
        #expect(Set(counts.keys) == ["answer", "cancelled", "timeout"])
        #expect(received.withLock { $0.values.max() } == 1)
        #expect(try await client.perform(HTTPRequest(url: server.url, body: [0x39])).body == Array("answer".utf8))
        func living() -> Int { tally.remains.withLock { $0.count { $0.transfer != nil } } }
        for _ in 0..<400 where living() > 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(living() == 0)
    }

    /// What a client's call does, with the transfer in hand.
    private static func outcome(of transfer: Transfer, _ loop: TransferLoop) async -> String {
        do {
            loop.send(.start(transfer))
            guard !transfer.isWhole else {
                await transfer.wait(for: .end, loop: loop)
                _ = try transfer.takeHead()
                return String(decoding: transfer.takeBody(), as: UTF8.self)
            }
            await transfer.wait(for: .head, loop: loop)
            let stream = try HTTPStream(transfer, loop: loop, limit: .max)
            return String(decoding: try await stream.collect(), as: UTF8.self)
        } catch {
            return "\(error.code)"
        }
    }

    @Test func `many small calls leave nothing behind`() async throws {
        let server = try LoopbackServer { request, responder in responder.respond(body: request.body) }
        let client = HTTPClient.forTesting()
        let loop = try client.loop.get()
        var remains: [Remains] = []
        for index in 0..<5000 {
            let transfer = try Transfer(HTTPRequest(url: server.url, body: [UInt8(index % 256)]), isWhole: true)
            loop.send(.start(transfer))
            await transfer.wait(for: .end, loop: loop)
            #expect(transfer.takeBody() == [UInt8(index % 256)])
            remains.append(Remains(transfer))
            // Whoever ended the transfer may hold it for another moment.
            if remains.count > 100 { remains.removeAll { $0.transfer == nil } }
            guard remains.count < 200 else { break }
        }
        #expect(remains.count < 200)
        #expect(server.connectionCount == 1)
    }

    private final class Tally: Sendable {
        let outcomes = Mutex<[String: Int]>([:])
        let remains = Mutex<[Remains]>([])
    }

    private final class Remains: Sendable {
        weak let transfer: Transfer?

        init(_ transfer: Transfer) { self.transfer = transfer }
    }
}
