import ExampleSupport
import LLMKit
import PortableFoundation

/// `llmkit cache calibrate`: makes a calibration of what was judged.
struct CacheCalibration {
    private let paths: [String]
    private let goal: Calibration.Goal
    private let output: String?

    init(_ words: some Sequence<String>) throws {
        let arguments = try Arguments(words, valued: ["--wrong-share", "--confidence", "--output"], flags: [])
        guard !arguments.words.isEmpty else {
            throw Arguments.Mistake("cache calibrate needs a file: the one that 'llmkit cache review' was given")
        }
        guard let share = try arguments.double("--wrong-share", in: 0.0001...0.5) else {
            throw Arguments.Mistake("cache calibrate needs --wrong-share, such as 0.02 for 2 %")
        }
        paths = arguments.words
        output = arguments["--output"]
        goal = Calibration.Goal(
            wrongShare: share,
            confidence: try arguments.double("--confidence", in: 0.5...0.9999) ?? 0.95
        )
    }

    func run() throws {
        var samples: [CalibrationSample] = []
        var (judged, right) = (0, 0)
        // A file that is named twice must not prove anything twice.
        for path in Set(paths.map { URL(filePath: $0).resolvingSymlinksInPath().path(percentEncoded: false) }).sorted()
        {
            if path.lowercased().hasSuffix(".csv") {
                throw Arguments.Mistake(
                    "\(path) is no review file; an app reads labelled questions with LabelledQuestions(contentsOf:embedder:)"
                )
            }
            let file = try ReviewFile(path)
            samples += file.samples
            judged += file.judged.count
            right += file.judged.count { file.verdict(on: $0) == true }
        }
        Terminal.errors.print("\(judged) verdicts, \(right) of them right")
        if samples.count < judged {
            Terminal.errors.print(
                "\(samples.count) are taken: the others were of matches that are checked oftener than those"
            )
        }
        let calibration = try Calibration.fit(samples, goal: goal)
        Terminal.errors.print("\(calibration)")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let json = try encoder.encode(calibration)
        if let output {
            do { try json.write(to: URL(filePath: output)) } catch {
                throw LLMError(
                    .storage,
                    "\(output): the calibration cannot be written; does its folder exist?",
                    cause: error
                )
            }
            Terminal.errors.print("written to \(output)")
        } else {
            try Terminal.output.write(String(decoding: json, as: UTF8.self) + "\n")
        }
    }
}
