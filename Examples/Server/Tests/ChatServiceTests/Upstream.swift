import Foundation
import LLMKit
import LLMKitTesting
import Synchronization

/// A vendor in the test's hands: it streams some tokens, then thinks until its caller hangs up.
final class Upstream: Sendable {
    private let server: LoopbackServer
    private let calls: Calls

    private final class Calls: Sendable {
        let begun = Atomic(0)
        let hungUp = Atomic(0)
    }

    init(tokens: [String]) throws {
        let calls = Calls()
        self.calls = calls
        server = try LoopbackServer { _, responder in
            calls.begun.add(1, ordering: .relaxed)
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            for token in tokens {
                responder.write(#"data: {"choices":[{"index":0,"delta":{"content":"\#(token)"}}]}"# + "\n\n")
            }
            // Comments, as vendors write them meanwhile: no token, but writing them shows who has hung up.
            while responder.write(": thinking\n\n") { Thread.sleep(forTimeInterval: 0.02) }
            calls.hungUp.add(1, ordering: .relaxed)
        }
    }

    var hasBegun: Bool { calls.begun.load(ordering: .relaxed) > 0 }
    var hasHungUp: Bool { calls.hungUp.load(ordering: .relaxed) > 0 }

    func model(_ name: ModelName) -> ChatModel {
        ChatModel(
            name,
            .openAICompatible("gpt-4o-mini", at: server.url + "/v1", key: .value("simulated")),
            price: .perMillion(input: 0.15, output: 0.6)
        )
    }
}
