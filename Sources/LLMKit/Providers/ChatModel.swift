/// A model that a pipeline can call: the app's name for it, the provider that answers, and its price.
public struct ChatModel: Sendable {
    public var name: ModelName
    public var provider: any ModelProvider
    /// Outranks the pipeline's price table. If both are silent, costs are unknown, not zero.
    public var price: Price?

    public init(_ name: ModelName, _ provider: some ModelProvider, price: Price? = nil) {
        self.name = name
        self.provider = provider
        self.price = price
    }
}

/// Lists models, with `if` and `for`, when a pipeline is assembled.
@resultBuilder
public enum ModelListBuilder {
    public static func buildExpression(_ model: ChatModel) -> [ChatModel] { [model] }
    public static func buildExpression(_ models: [ChatModel]) -> [ChatModel] { models }
    public static func buildBlock(_ parts: [ChatModel]...) -> [ChatModel] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [ChatModel]?) -> [ChatModel] { part ?? [] }
    public static func buildEither(first part: [ChatModel]) -> [ChatModel] { part }
    public static func buildEither(second part: [ChatModel]) -> [ChatModel] { part }
    public static func buildArray(_ parts: [[ChatModel]]) -> [ChatModel] { parts.flatMap { $0 } }
}
