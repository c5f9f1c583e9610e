import ExampleSupport

/// What the command line asks for.
struct Options {
    var questions: String?
    var limit = Int.max
    var concurrency = 16
    var report = "report.html"
    var ledger = "calls.sqlite"
    var embedder: String?
    var isOffline = false
    var seed = 1
    var wantsHelp = false

    init(_ line: some Sequence<String>) throws(Arguments.Mistake) {
        let arguments = try Arguments(
            line,
            valued: ["--questions", "--limit", "--concurrency", "--report", "--ledger", "--seed", "--embedder"],
            flags: ["--offline", "--help", "-h"]
        )
        if let word = arguments.words.first { throw Arguments.Mistake("nothing to do with '\(word)'") }
        questions = arguments["--questions"]
        limit = try arguments.int("--limit", in: 1...1_000_000) ?? limit
        concurrency = try arguments.int("--concurrency", in: 1...1_000) ?? concurrency
        report = arguments["--report"] ?? report
        ledger = arguments["--ledger"] ?? ledger
        embedder = arguments["--embedder"]
        isOffline = arguments.contains("--offline")
        seed = try arguments.int("--seed", in: 0...Int.max) ?? seed
        wantsHelp = arguments.contains("--help") || arguments.contains("-h")
    }

    static let usage = """
        Usage: Quickstart [options]

        Answers a file of support questions through a pipeline with a result cache, a cascade from a cheap to a strong
        model, and a ledger; then prints a table and writes a report.

          --questions FILE    lines of text, or of JSON with "id" and "text" (default: the demo's own)
          --limit N           ask only the first N
          --concurrency N     questions in flight at most (default 16)
          --report FILE       where the report goes (default report.html)
          --ledger FILE       the SQLite ledger, which grows with every run (default calls.sqlite)
          --embedder DIR      the sentence encoder of the semantic cache (default: LLMKIT_MINILM, or where
                              `make embedder` has put it; without one, only repeated questions hit)
          --offline           use the simulated vendors, whatever keys there are
          --seed N            what the simulated vendors' chance starts from (default 1)
          --help              this text

        Whom it asks:
          LLMKIT_BASE_URL     any OpenAI-compatible endpoint, with LLMKIT_MODEL, LLMKIT_STRONG_MODEL and LLMKIT_API_KEY
          OPENAI_API_KEY      OpenAI: gpt-4o-mini, then gpt-4.1
          ANTHROPIC_API_KEY   Anthropic: claude-sonnet-5-5 as the strong model; alone, claude-haiku-5-5 as the cheap one
          none of these       two SIMULATED vendors on this machine: nothing leaves it, nothing is charged
        """
}
