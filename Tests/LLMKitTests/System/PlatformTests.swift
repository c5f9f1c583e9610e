import CPlatform
import Testing

@testable import LLMKit

@Suite struct `What the C libraries spell differently` {
    @Test func `a stream socket is not inherited by child processes`() {
        let socket = streamSocket(AF_INET)
        #expect(socket >= 0)
        #expect(fcntl(socket, F_GETFD) & FD_CLOEXEC != 0)
        closeDescriptor(socket)
    }

    @Test func `to make a descriptor nonblocking leaves its other flags alone`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(streamSocketPair(&ends) == 0)
        defer { for end in ends { closeDescriptor(end) } }
        let before = fcntl(ends[0], F_GETFL)
        #expect(setNonblocking(ends[0]) == 0)
        #expect(fcntl(ends[0], F_GETFL) == before | O_NONBLOCK)
        #expect(setNonblocking(-1) == -1)
    }

    @Test func `to send to a peer that left is an error, not the end of the process`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(streamSocketPair(&ends) == 0)
        closeDescriptor(ends[1])
        #expect(sendWithoutSignal(ends[0], [1, 2, 3], 3) == -1)
        #expect(errno == EPIPE)
        closeDescriptor(ends[0])
    }

    @Test func `a folder and a device are no regular files`() {
        var status = stat()
        for path in ["/", "/dev/null"] {
            #expect(stat(path, &status) == 0)
            #expect(!isRegularFile(status))
        }
        #expect(stat(#filePath, &status) == 0)
        #expect(isRegularFile(status))
    }

    @Test func `what cannot be mapped into memory is nil`() {
        #expect(mapFile(-1, 10) == nil)
        #expect(errno == EBADF)
    }
}
