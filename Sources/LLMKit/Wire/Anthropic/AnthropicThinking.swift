/// Whether and how a Claude model thinks before it answers. Which of these a model takes depends on the model.
public enum AnthropicThinking: Hashable, Sendable {
    /// The model decides how much; newer models.
    case adaptive
    /// Up to this many tokens, at least 1,024; they count as output.
    case budget(Int)
    case disabled
}
