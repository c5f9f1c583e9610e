import ExampleSupport
import LLMKit

/// `llmkit`: what people who run an app on LLMKit do at a terminal.
@main
enum Main {
    static func main() async {
        Terminal.ignoreBrokenPipes()
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            Terminal.errors.print("llmkit: \(error)")
            if error is Arguments.Mistake { Terminal.errors.print("Try 'llmkit --help'.") }
            endProcess(error is Arguments.Mistake ? 2 : 1)
        }
    }

    private static func run(_ words: [String]) async throws {
        if words.isEmpty || words.contains("--help") || words.contains("-h") {
            return try Terminal.output.write(usage + "\n")
        }
        switch words.prefix(2) {
        case ["cache", "review"]:
            var review = try CacheReview(words.dropFirst(2))
            try review.run()
        case ["cache", "calibrate"]: try CacheCalibration(words.dropFirst(2)).run()
        case ["cache"]: throw Arguments.Mistake("'cache' needs to be told what: review or calibrate")
        default: throw Arguments.Mistake("unknown command '\(words.prefix(2).joined(separator: " "))'")
        }
    }

    static let usage = """
        llmkit cache review FILE
            Shows the matches of a semantic cache that nobody has judged yet, one a page: the question that was asked, the
            remembered one, and its answer. Answer y if that answer is right for the question, n if not; s skips it, u takes
            the last verdict back, q ends. Verdicts are in FILE.verdicts at once. FILE is what the app's ReviewQueue writes.

        llmkit cache calibrate FILE... --wrong-share SHARE [--confidence C] [--output PATH]
            Fits a calibration from what was judged: one that lets through matches of which no more than SHARE (such as
            0.02) are wrong, proven at confidence C (0.95 unless said otherwise). It is written as JSON to PATH or to
            standard output; what it was proven on goes to standard error.
        """
}
