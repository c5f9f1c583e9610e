/// The table of known vendors. Where a vendor's documentation is silent, the entry follows OpenAI.
extension OpenAIDialect {
    /// All presets, for choosing one by its ``name``.
    public static let presets: [OpenAIDialect] = [
        openAI, azureOpenAI, deepSeek, mistral, groq, together, fireworks, openRouter, xAI, dashScope, vLLM, tgi,
        llamaCpp, ollama, compatible,
    ]

    /// The preset with this ``name``.
    public static func preset(named name: String) -> OpenAIDialect? { presets.first { $0.name == name } }

    public static let openAI = OpenAIDialect(
        name: "openai",
        baseURL: "https://api.openai.com/v1",
        keyVariable: "OPENAI_API_KEY"
    ).with {
        $0.outputLimit = .maxCompletionTokens
        $0.padsStreams = true
        $0.rules = .openAI
    }

    /// Has no public address: each resource has its own.
    package static let azureOpenAI = OpenAIDialect(
        name: "azure-openai",
        vendor: "azure.ai.openai",
        keyVariable: "AZURE_OPENAI_API_KEY"
    ).with {
        $0.authentication = .header("api-key")
        $0.outputLimit = .maxCompletionTokens
        $0.errorNames = .azureOpenAI
        $0.rules = .azureOpenAI
    }

    /// Has JSON answers but no JSON schemas. Thinks unless told otherwise, and wants that thinking back in tool turns.
    package static let deepSeek = OpenAIDialect(
        name: "deepseek",
        baseURL: "https://api.deepseek.com",
        keyVariable: "DEEPSEEK_API_KEY",
        capabilities: [.tools, .json, .logProbabilities, .temperature, .reasoningEffort, .stop]
    ).with {
        $0.reasoning = .effortOrDisabled
        $0.takesReasoningBack = true
        $0.errorNames = .deepSeek
        $0.rules = .deepSeek
    }

    /// Refuses fields it does not know, `stream_options` among them.
    package static let mistral = OpenAIDialect(
        name: "mistral",
        vendor: "mistral_ai",
        baseURL: "https://api.mistral.ai/v1",
        keyVariable: "MISTRAL_API_KEY"
    ).with {
        $0.seedField = "random_seed"
        $0.requiredToolChoice = "any"
        $0.asksForStreamUsage = false
        $0.rules = .mistral
    }

    /// Refuses `logprobs`.
    package static let groq = OpenAIDialect(
        name: "groq",
        baseURL: "https://api.groq.com/openai/v1",
        keyVariable: "GROQ_API_KEY",
        capabilities: .all.subtracting(.logProbabilities)
    ).with { $0.errorNames = .groq }

    package static let together = OpenAIDialect(
        name: "together",
        baseURL: "https://api.together.xyz/v1",
        keyVariable: "TOGETHER_API_KEY"
    ).with { $0.logProbabilities = .count }

    package static let fireworks = OpenAIDialect(
        name: "fireworks",
        baseURL: "https://api.fireworks.ai/inference/v1",
        keyVariable: "FIREWORKS_API_KEY"
    ).with { $0.cachedTokensHeader = "fireworks-cached-prompt-tokens" }

    package static let openRouter = OpenAIDialect(
        name: "openrouter",
        baseURL: "https://openrouter.ai/api/v1",
        keyVariable: "OPENROUTER_API_KEY"
    ).with {
        $0.errorNames = .anyVendor
        $0.returnedMembers = ["reasoning_details"]
        $0.rules = .openRouter
    }

    package static let xAI = OpenAIDialect(
        name: "xai",
        vendor: "x_ai",
        baseURL: "https://api.x.ai/v1",
        keyVariable: "XAI_API_KEY"
    ).with { $0.rules = .xAI }

    /// The international address; set another ``baseURL`` for mainland China.
    package static let dashScope = OpenAIDialect(
        name: "dashscope",
        baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        keyVariable: "DASHSCOPE_API_KEY"
    ).with {
        $0.reasoning = .toggle
        $0.errorNames = .dashScope
    }

    package static let vLLM = OpenAIDialect(name: "vllm", baseURL: "http://127.0.0.1:8000/v1").with {
        $0.rules = .local
    }

    package static let tgi = OpenAIDialect(
        name: "tgi",
        baseURL: "http://127.0.0.1:8080/v1",
        capabilities: .all.subtracting(.reasoningEffort)
    ).with {
        $0.schemaField = .value
        $0.rules = .local
    }

    package static let llamaCpp = OpenAIDialect(name: "llama.cpp", baseURL: "http://127.0.0.1:8080/v1").with {
        $0.errorNames = .llamaCpp
        $0.rules = .local
    }

    /// Takes images as bytes, not as addresses.
    package static let ollama = OpenAIDialect(
        name: "ollama",
        baseURL: "http://127.0.0.1:11434/v1",
        capabilities: .all.subtracting(.imageURLs)
    ).with { $0.rules = .local }

    /// Any other server that speaks Chat Completions.
    public static let compatible = OpenAIDialect(name: "openai-compatible", vendor: "_OTHER").with {
        $0.errorNames = .anyVendor
        $0.returnedMembers = ["reasoning_details", "extra_content"]
    }
}
