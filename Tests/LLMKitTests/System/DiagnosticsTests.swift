import Foundation
import Synchronization
import Testing

@testable import LLMKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct DiagnosticsTests {
    private struct Mute: Error {}

    /// A pipe as standard error.
    private final class Pipe: Sendable {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
            _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        }

        deinit {
            closeDescriptor(reading)
            closeDescriptor(writing)
        }

        func text() -> String {
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = read(reading, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    }

    @Test func `a notice says who speaks, how bad it is, what happened and why`() {
        let notices = InMemoryDiagnostics()
        notices.diagnostics.report(.error, "ledger", "rows wait", cause: LLMError(.storage, "disk full"))
        notices.diagnostics.report(.warning, "cache", "gone", cause: Mute())
        notices.diagnostics.report(.info, "cache", "back")
        #expect(
            notices.notices.map(\.description) == [
                "error: ledger: rows wait (storage: disk full)", "warning: cache: gone (an error of type Mute)",
                "info: cache: back",
            ]
        )
        #expect(notices.notices(about: "cache").count == 2)
        Diagnostics.none.report(.error, "ledger", "nobody hears this")
    }

    @Test func `a notice is one line of standard error, whatever it quotes`() throws {
        let pipe = try Pipe()
        let output = ErrorOutput(descriptor: pipe.writing)
        output.write(Diagnostics.Notice(.warning, "cache", "a file\nLLMKit: error: forged\u{1B}[2J: é"))
        #expect(pipe.text() == "LLMKit: warning: cache: a file LLMKit: error: forged [2J: é\n")
    }

    @Test func `a long notice is cut between characters`() throws {
        let pipe = try Pipe()
        ErrorOutput(descriptor: pipe.writing)
            .write(Diagnostics.Notice(.warning, "cache", String(repeating: "é", count: 50_000)))
        let line = pipe.text()
        #expect(line.hasSuffix("é…\n"))
        #expect(line.utf8.count <= Int(PIPE_BUF))
        #expect(!line.contains("\u{FFFD}"))
    }

    @Test func `a reader that has stopped reading holds up nobody`() throws {
        let pipe = try Pipe()
        let output = ErrorOutput(descriptor: pipe.writing)
        let line = String(repeating: "x", count: 1000)
        for _ in 0..<2000 { output.write(Diagnostics.Notice(.warning, "cache", line)) }
        #expect(pipe.text().hasPrefix("LLMKit: warning: cache: xxx"))
    }

    @Test func `the same notice passes once in a span, and what was left out is counted`() {
        let notices = InMemoryDiagnostics()
        let time = Mutex<Int64>(0)
        let limited = notices.diagnostics.limited(to: 3, per: .seconds(60)) { time.withLock { $0 } }
        for _ in 0..<10 { limited.report(.warning, "cache", "gone") }
        #expect(notices.notices.map(\.message) == ["gone"])
        for number in 0..<10 { limited.report(.warning, "prices", "no price of \(number)") }
        #expect(notices.notices.map(\.message) == ["gone", "no price of 0", "no price of 1"])
        time.withLock { $0 = 60_000_000_000 }
        limited.report(.warning, "cache", "gone")
        #expect(
            notices.notices.suffix(2).map(\.message) == ["17 notices were left out, because there were many", "gone"]
        )
        time.withLock { $0 = 120_000_000_000 }
        limited.report(.warning, "cache", "gone")
        #expect(notices.notices.count == 6)
    }
}
