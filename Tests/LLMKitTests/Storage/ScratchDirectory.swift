import Foundation
import Synchronization

@testable import LLMKit

/// A directory for the files of one test, deleted with it.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/llmkit-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file(name))[.posixPermissions] as? Int
    }
}

/// A clock that stands still until a test moves it.
final class SteppedTime: TimeSource {
    private let elapsed = Mutex(Duration.zero)
    private let origin = ContinuousClock.now

    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    var now: ContinuousClock.Instant { origin + elapsed.withLock { $0 } }
    var date: Date {
        let (seconds, attoseconds) = elapsed.withLock { $0 }.components
        return Date(timeIntervalSince1970: 1_795_000_000 + Double(seconds) + Double(attoseconds) / 1e18)
    }
    func sleep(until instant: ContinuousClock.Instant) async throws {}
}
