import LLMKit

/// How many questions a semantic cache answers, and how many of them wrongly, if it may be wrong only so often.
///
/// What may be served is decided on the training and development files alone. The cache remembers the training questions;
/// then the test questions come in the order of their file: what is missed is remembered with its answer, what is hit is not.
/// A hit is wrong if the remembered answer is another one, or if no answer could be right.
struct SemanticCacheBenchmark {
    private let train: LabelledFile
    private let dev: LabelledFile
    private let test: LabelledFile
    private let goal: Calibration.Goal
    private let seed: UInt64
    private let twins: [Twin]
    private let options: Options

    init(_ options: Options) throws {
        func file(_ name: String) throws -> LabelledFile {
            guard let path = options.optionalText(name) else { throw UsageError(message: "--\(name) is missing") }
            return try LabelledFile.benchmark(path)
        }
        train = try file("train")
        dev = try file("dev")
        test = try file("test")
        goal = Calibration.Goal(
            wrongShare: try options.double("error", 0.02),
            confidence: try options.double("confidence", 0.95)
        )
        seed = UInt64(try options.int("seed", 1))
        twins = try options.optionalText("twins").map(Twin.read) ?? []
        self.options = options
    }

    func run() async throws {
        let source = try VectorSource(options)
        switch (train, dev, test) {
        case (.questions(let train), .questions(let dev), .questions(let test)):
            let run = IntentRun(train: train, dev: dev, test: test, goal: goal, seed: seed, twins: twins)
            try await run.run(source)
        case (.pairs(let train), .pairs(let dev), .pairs(let test)):
            try await PairRun(train: train, dev: dev, test: test, goal: goal, seed: seed).run(source)
        default:
            throw UsageError(message: "--train, --dev and --test must be of the same kind, all questions or all pairs")
        }
    }
}
