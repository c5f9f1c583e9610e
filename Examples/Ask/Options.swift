import ExampleSupport

/// What the command line asks for.
struct Options {
    var vendor = "openai"
    var baseURL: String?
    var model: String?
    /// The environment variable that holds the key, where it is not the vendor's own.
    var keyVariable: String?
    var system: String?
    var image: String?
    var tools: String?
    var schema: String?
    var maxTokens: Int?
    var wantsLogProbabilities = false
    /// `nil` leaves it to the kind of answer: documents arrive whole, texts as they are written.
    var stream: Bool?
    var timeout: Duration?
    var ledger: String?
    var trace: String?
    var isVerbose = false
    var wantsHelp = false
    var text = ""

    init(_ line: some Sequence<String>) throws(Arguments.Mistake) {
        let arguments = try Arguments(
            line,
            valued: [
                "--vendor", "--base-url", "--model", "--key-variable", "--system", "--image", "--tools", "--schema",
                "--max-tokens", "--timeout", "--ledger", "--trace",
            ],
            flags: ["--logprobs", "--stream", "--no-stream", "-v", "--help", "-h"]
        )
        wantsHelp = arguments.contains("--help") || arguments.contains("-h")
        if wantsHelp { return }
        guard let text = arguments.words.first else { throw Arguments.Mistake("there is no question; '-' reads one") }
        guard arguments.words.count == 1 else {
            throw Arguments.Mistake("the question is \(arguments.words.count) words to the shell: put it in quotes")
        }
        self.text = text
        vendor = arguments["--vendor"] ?? vendor
        baseURL = arguments["--base-url"]
        model = arguments["--model"]
        keyVariable = arguments["--key-variable"]
        system = arguments["--system"]
        image = arguments["--image"]
        tools = arguments["--tools"]
        schema = arguments["--schema"]
        maxTokens = try arguments.int("--max-tokens", in: 1...10_000_000)
        wantsLogProbabilities = arguments.contains("--logprobs")
        if arguments.contains("--stream"), arguments.contains("--no-stream") {
            throw Arguments.Mistake("--stream and --no-stream exclude each other")
        }
        if arguments.contains("--stream") { stream = true }
        if arguments.contains("--no-stream") { stream = false }
        timeout = try arguments.double("--timeout", in: 0.001...86_400).map { .seconds($0) }
        ledger = arguments["--ledger"]
        trace = arguments["--trace"]
        isVerbose = arguments.contains("-v")
    }

    static let usage = """
        Usage: ask [options] TEXT

        Asks a model and prints its answer as it arrives. TEXT '-' is read from standard input.

          --vendor NAME      openai (default), anthropic, or a preset: azure-openai, deepseek, mistral, groq, together,
                             fireworks, openrouter, xai, dashscope, vllm, tgi, llama.cpp, ollama, openai-compatible
          --base-url URL     another address of that vendor
          --model ID         the vendor's id of the model (default: gpt-4o-mini at openai, claude-haiku-5-5 at anthropic)
          --key-variable V   the environment variable that holds the key, where it is not the vendor's own
          --system TEXT      instructions that stand before the question
          --image FILE       a picture that goes with the question: PNG, JPEG, GIF or WebP
          --tools FILE       tools that the model may call: [{"name": …, "description": …, "parameters": SCHEMA}, …]
          --schema FILE      the JSON schema that the answer must follow; only a whole document that does is printed
          --max-tokens N     the longest answer
          --logprobs         print the log-probability of each token to standard error
          --stream           print a document as it arrives, too, and check it when all of it is there
          --no-stream        fetch the answer whole
          --timeout S        give up after this many seconds
          --ledger FILE      book the call in this SQLite ledger
          --trace FILE       append the call's spans to this file, a line of JSON each
          -v                 one line of model, tokens, cost and time to standard error
          --help             this text

        The key comes from the vendor's own variable: OPENAI_API_KEY, ANTHROPIC_API_KEY, and so on. Servers of your own get
        none (vllm, tgi, llama.cpp, ollama, openai-compatible), unless --key-variable names one, or for openai-compatible
        OPENAI_COMPATIBLE_API_KEY is set.

        Exit status: 0 answered; 2 your mistake (options, files, key, unknown model); 3 the upstream's trouble; 4 a limit
        (rate, quota, --timeout, --max-tokens, sizes); 5 standard output cannot be written; 129 after a hangup, 130 after Ctrl-C, 143 after a kill, 141 when
        nobody reads the answer.
        """
}
