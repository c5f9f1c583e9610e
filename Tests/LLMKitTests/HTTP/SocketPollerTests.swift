import CPlatform
import Testing

@testable import LLMKit

@Suite struct `Socket pollers` {
    private static func makePoller(portable: Bool) -> (any SocketPoller)? {
        #if os(Linux)
        if !portable { return EpollPoller() }
        #endif
        return PollPoller()
    }

    /// Waits as the loop does, and keeps what is still of interest.
    private static func wait(_ poller: any SocketPoller) -> [Int32] {
        var ready: [ReadySocket] = []
        poller.prepareToWait()
        poller.wait(milliseconds: 1000, into: &ready)
        return ready.filter { poller.confirm($0) }.map(\.socket)
    }

    @Test(arguments: pollers)
    func `what a wait reports of a closed socket is not believed of the next one with its number`(
        portable: Bool
    ) throws {
        let poller = try #require(Self.makePoller(portable: portable))
        let old = try #require(SocketPair())
        let new = try #require(SocketPair())
        let number = old.near
        poller.opened(number)
        poller.watch(number, for: .readable)
        old.send()
        #expect(Self.wait(poller) == [number])

        var ready: [ReadySocket] = []
        poller.prepareToWait()
        poller.wait(milliseconds: 1000, into: &ready)
        // While the loop is on its way from the wait to its lock, a task replaces the connection.
        poller.willClose(number)
        #expect(dup2(new.near, number) == number)
        poller.opened(number)
        poller.watch(number, for: .readable)
        #expect(ready.map(\.socket) == [number])
        #expect(!ready.contains { poller.confirm($0) })

        new.send()
        #expect(Self.wait(poller) == [number])
        poller.willClose(number)
    }

    private final class SocketPair {
        let near: Int32
        private let far: Int32

        init?() {
            var ends: [Int32] = [-1, -1]
            guard streamSocketPair(&ends) == 0 else { return nil }
            (near, far) = (ends[0], ends[1])
        }

        deinit {
            close(near)
            close(far)
        }

        func send() {
            var byte: UInt8 = 1
            _ = write(far, &byte, 1)
        }
    }
}
