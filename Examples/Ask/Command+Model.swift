import ExampleSupport
import LLMKit

extension Command {
    /// The model that the options name.
    static func model(_ options: Options) throws -> ChatModel {
        let key = try options.key()
        if options.vendor == "anthropic" {
            let provider = AnthropicProvider(
                model: options.model ?? "claude-haiku-5-5",
                key: key ?? .environment("ANTHROPIC_API_KEY"),
                baseURL: options.baseURL ?? "https://api.anthropic.com"
            )
            return ChatModel("model", provider.retrying())
        }
        guard let dialect = OpenAIDialect.preset(named: options.vendor) else {
            let known = ["anthropic"] + OpenAIDialect.presets.map(\.name)
            throw Arguments.Mistake("unknown vendor '\(options.vendor)'; there are \(known.joined(separator: ", "))")
        }
        guard let id = options.model ?? (dialect == .openAI ? "gpt-4o-mini" : nil) else {
            throw Arguments.Mistake("--vendor \(dialect.name) needs a --model")
        }
        let provider = OpenAIProvider(model: id, key: key, baseURL: options.baseURL, dialect: dialect)
        guard options.baseURL != nil || provider.info.upstream.serverAddress != nil else {
            throw Arguments.Mistake("--vendor \(dialect.name) needs a --base-url")
        }
        return ChatModel("model", provider.retrying())
    }
}
