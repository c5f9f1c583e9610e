import ChatService
import Foundation
import LLMKit
import Logging

/// Serves until SIGTERM or Ctrl-C.
@main
enum Main {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        // Here an app bootstraps its log, metrics and traces.
        let logger = Logger(label: "chat-server")
        let gateway = try Gateway(
            small: model("small", "gpt-4o-mini", .perMillion(input: 0.15, output: 0.6), environment),
            large: model("large", "gpt-4.1", .perMillion(input: 2, output: 8), environment),
            ledger: environment["LEDGER"] ?? "calls.sqlite",
            logger: logger
        )
        // A missing key is noticed here, not by a user.
        try await gateway.pipeline.preflight()
        var server = ChatServer(gateway, logger: logger)
        server.address = .hostname(
            environment["HOST"] ?? "127.0.0.1",
            port: environment["PORT"].flatMap(Int.init) ?? 8080
        )
        try await server.services().run()
    }

    /// OpenAI's, or at `OPENAI_BASE_URL` a server that speaks its language.
    private static func model(
        _ name: ModelName,
        _ id: String,
        _ price: Price,
        _ environment: [String: String]
    ) -> ChatModel {
        guard let address = environment["OPENAI_BASE_URL"] else { return ChatModel(name, .openAI(id).retrying()) }
        let provider = OpenAIProvider.openAICompatible(id, at: address, key: .environment("OPENAI_API_KEY"))
        return ChatModel(name, provider.retrying(), price: price)
    }
}
