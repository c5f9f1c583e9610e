import Hummingbird
import LLMKit
import LLMKitServiceLifecycle
import Logging
import ServiceLifecycle

/// A chat service over HTTP.
public struct ChatServer: Sendable {
    public var gateway: Gateway
    public var address = BindAddress.hostname("127.0.0.1", port: 8080)
    /// How long answers under way may go on when the process is told to end.
    public var drainLimit = Duration.seconds(20)
    public var logger: Logger

    public init(_ gateway: Gateway, logger: Logger) {
        self.gateway = gateway
        self.logger = logger
    }

    /// The services of the process, in the order in which they start; they end in the reverse one.
    /// - Parameter onRunning: told the port when requests can come.
    /// - Throws: ``LLMError`` if a tool cannot be described.
    public func services(
        onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) throws(LLMError) -> ServiceGroup {
        let ending = PipelineService(gateway.pipeline, drainLimit: drainLimit, logger: logger) {
            [ledger = gateway.ledger] in try await ledger.close()
        }
        let application = Application(
            router: try router(isDraining: { ending.isDraining }),
            configuration: ApplicationConfiguration(address: address, serverName: "chat-server"),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port) },
            logger: logger
        )
        // The pipeline is last, so it ends first: while it drains, the server still delivers.
        var configuration = ServiceGroupConfiguration(
            services: [application, ending],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // A client that neither reads nor leaves must not hold up the end.
        configuration.maximumGracefulShutdownDuration = drainLimit + .seconds(5)
        return ServiceGroup(configuration: configuration)
    }

    private func router(
        isDraining: @escaping @Sendable () -> Bool
    ) throws(LLMError) -> Hummingbird.Router<BasicRequestContext> {
        let router = Hummingbird.Router()
        // Makes the span that the pipeline's hang below, of the caller's `traceparent`.
        router.add(middleware: TracingMiddleware())
        router.add(middleware: FailureMiddleware())
        router.get("health") { _, _ in
            isDraining() ? Response(status: .serviceUnavailable) : Response(status: .ok)
        }
        ChatRoute(pipeline: gateway.pipeline).add(to: router)
        ExtractRoute(pipeline: gateway.pipeline).add(to: router)
        try AgentRoute(pipeline: gateway.pipeline).add(to: router)
        return router
    }
}
