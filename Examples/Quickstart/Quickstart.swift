import ExampleSupport
import LLMKit
import PortableFoundation
import SimulatedVendors

/// The main job, which `make demo` runs: a few hundred support questions through one pipeline.
///
/// A result cache, a cascade from a cheap to a strong model, and a ledger; then a table and a report of what that saved.
@main
enum Quickstart {
    static func main() async {
        Terminal.ignoreBrokenPipes()
        do {
            let options = try Options(CommandLine.arguments.dropFirst())
            if options.wantsHelp {
                Terminal.output.print(Options.usage)
                return
            }
            endProcess(try await run(options))
        } catch let mistake as Arguments.Mistake {
            Terminal.errors.print("Quickstart: \(mistake)\n\n\(Options.usage)")
            endProcess(2)
        } catch {
            Terminal.errors.print("Quickstart: \(error)")
            endProcess(2)
        }
    }

    private static func run(_ options: Options) async throws -> Int32 {
        let questions = Array(try questions(options).prefix(options.limit))
        let backend = try Backend(options, environment: ProcessInfo.processInfo.environment)
        let ledger = try Ledger(path: options.ledger)
        let similar = try SimilarQuestions(options, environment: ProcessInfo.processInfo.environment)
        let result: any Cache = .memory(bytes: 64 << 20)

        let pipeline = try Pipeline(
            router: .cascade(Backend.cheapName, Backend.strongName, threshold: backend.threshold),
            confidence: backend.signal,
            caches: [result] + (similar.map { [$0.cache] } ?? []),
            meter: ledger,
            baseline: backend.baseline
        ) {
            backend.cheap
            backend.strong
        }

        announce(backend, questions: questions.count)
        let run = Run(
            pipeline: pipeline,
            instructions: String(decoding: PackageResources.handbook_txt, as: UTF8.self),
            concurrency: options.concurrency,
            progress: Progress(total: questions.count),
            isWrongHit: similar?.judge(questions)
        )
        let start = (clock: ContinuousClock.now, date: Date())
        let (asked, signal) = await Interrupts.cancelling { await run.ask(questions) }
        let elapsed = ContinuousClock.now - start.clock
        run.progress.finish()
        await pipeline.shutdown()
        backend.simulation?.stop()

        // Rows keep milliseconds: the first may look a little older than it is.
        let charges = try await ledger.charges(since: start.date.addingTimeInterval(-1), limit: .max).filter(run.caused)
        if let fatal = asked.fatal { Terminal.errors.print("Quickstart: stopped early: \(fatal)") }
        let summary = Summary(
            setup: Summary.Setup(
                isSimulated: backend.simulation != nil,
                vendors: backend.description,
                cheap: backend.cheapID,
                strong: backend.strongID,
                signal: backend.signalName,
                threshold: backend.threshold,
                embedder: similar?.name,
                questions: questions.count,
                concurrency: options.concurrency
            ),
            outcomes: asked.outcomes.charged(charges, of: run),
            charges: charges,
            elapsed: elapsed
        )
        try show(summary, options)
        return signal ?? (asked.fatal == nil ? 0 : 2)
    }

    private static func questions(_ options: Options) throws -> [Question] {
        guard let path = options.questions else {
            let text = String(decoding: PackageResources.questions_jsonl, as: UTF8.self)
            return try Question.read(text, from: "questions.jsonl")
        }
        return try Question.read(try Files.readText(path), from: path)
    }

    private static func announce(_ backend: Backend, questions: Int) {
        if backend.simulation != nil {
            Terminal.output.print(
                """
                SIMULATED VENDORS: without a key (or with --offline), two make-believe vendors on this machine answer.
                Requests, retries, tokens and the bill's arithmetic are real; answers, latencies and confidences are not.
                """
            )
        } else {
            Terminal.output.print("Real calls, which cost real money; Ctrl-C stops cleanly, --limit N asks fewer.")
        }
        if backend.baseline == nil {
            Terminal.output.print("Nobody knows the price of \(backend.strongID), so costs and savings stay unknown.")
        }
        Terminal.output.print(
            "\(questions) questions: \(backend.cheapID) first, \(backend.strongID) where it is unsure."
        )
    }

    private static func show(_ summary: Summary, _ options: Options) throws {
        let heading = summary.setup.isSimulated ? "Results with SIMULATED vendors" : "Results"
        Terminal.output.print("\n\(heading)\n\n\(Table(summary).text)\n")
        try Files.write(Report(summary: summary).html, to: options.report)
        Terminal.output.print("Report: \(options.report)   Ledger: \(options.ledger)")
    }
}
