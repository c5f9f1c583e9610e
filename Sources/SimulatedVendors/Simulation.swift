import LLMKit
import LLMKitTesting

/// Both simulated vendors as HTTP servers on this machine's loopback address.
public final class Simulation: Sendable {
    /// The only key that both accept.
    public let key: String
    let openAI: LoopbackServer
    private let anthropic: LoopbackServer

    /// Starts both servers, on free ports where a port is 0; `latencyScale` multiplies every delay.
    public init(
        openAIPort: UInt16 = 0,
        anthropicPort: UInt16 = 0,
        key: String = "simulated",
        seed: UInt64 = 1,
        faults: Faults = .none,
        latencyScale: Double = 1
    ) throws {
        self.key = key
        func start(_ format: SimulatedVendor.WireFormat, port: UInt16) throws -> LoopbackServer {
            let vendor = SimulatedVendor(format, key: key, seed: seed, faults: faults, latencyScale: latencyScale)
            return try vendor.serve(port: port)
        }
        openAI = try start(.openAI, port: openAIPort)
        anthropic = try start(.anthropic, port: anthropicPort)
    }

    /// What to use as the base URL of OpenAI's provider.
    public var openAIAddress: String { openAI.url + "/v1" }
    /// What to use as the base URL of Anthropic's provider.
    public var anthropicAddress: String { anthropic.url }

    public func stop() {
        openAI.stop()
        anthropic.stop()
    }
}
