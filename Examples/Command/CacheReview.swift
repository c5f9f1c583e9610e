import ExampleSupport
import LLMKit

/// `llmkit cache review`: has somebody judge what a semantic cache would have served.
struct CacheReview {
    /// What somebody says of a match.
    private enum Reply: String {
        case yes = "y"
        case no = "n"
        case skip = "s"
        case undo = "u"
        case quit = "q"
    }

    private var file: ReviewFile

    init(_ words: some Sequence<String>) throws {
        let arguments = try Arguments(words, valued: [], flags: [])
        guard arguments.words.count == 1 else {
            throw Arguments.Mistake("cache review needs one file: the one that the app's ReviewQueue writes")
        }
        file = try ReviewFile(arguments.words[0])
    }

    mutating func run() throws {
        let open = file.open
        var judged: [Int] = []
        var place = 0
        pages: while place < open.count {
            let candidate = open[place]
            try show(candidate, number: place + 1, of: open.count)
            guard let reply = try ask() else { break }
            switch reply {
            case .yes, .no:
                try file.judge(candidate, isRight: reply == .yes)
                judged.append(place)
                place += 1
            case .skip: place += 1
            case .undo:
                guard let last = judged.popLast() else { continue }
                try file.judge(open[last], isRight: nil)
                place = last
            case .quit: break pages
            }
        }
        let known = file.judged.count
        let left = file.open.count
        try Terminal.output.write("\(judged.count) judged now, \(known) in all, \(left) open in \(file.path)\n")
    }

    private func show(_ candidate: ReviewCandidate, number: Int, of count: Int) throws {
        // A page of its own where somebody is watching.
        let start = Terminal.output.isInteractive ? "\u{1B}[2J\u{1B}[H" : ""
        // Nothing is served yet of what has no threshold.
        let needed =
            candidate.threshold.isFinite
            ? " of \(rounded(candidate.threshold)) needed" : ", nothing like it is served yet"
        let trust = "cosine \(rounded(candidate.similarity)), trust \(rounded(candidate.score))\(needed)"
        let judge = candidate.judged.map { $0 ? ", the judge: the same" : ", the judge: not the same" } ?? ""
        try Terminal.output.write(
            """
            \(start)\(number) of \(count)  (\(trust)\(judge))

            asked       \(indented(candidate.asked ?? ""))
            remembered  \(indented(candidate.remembered))
            its answer  \(indented(candidate.answer))

            Is that answer right for the question that was asked? [y]es [n]o [s]kip [u]ndo [q]uit:\u{20}
            """
        )
    }

    /// The reply; `nil` at the end of the input.
    private func ask() throws -> Reply? {
        while let line = readLine() {
            if let reply = Reply(rawValue: String(line.filter { !$0.isWhitespace }.lowercased().prefix(1))) {
                return reply
            }
            try Terminal.output.write("y, n, s, u or q: ")
        }
        try Terminal.output.write("\n")
        return nil
    }

    /// Without what could steer a terminal, or have it show words in another order: the texts are strangers'.
    private func indented(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            var shown = String.UnicodeScalarView()
            for scalar in line.unicodeScalars {
                let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
                shown.append(isControl ? " " : scalar)
            }
            return String(shown)
        }
        return lines.joined(separator: "\n            ")
    }

    private func rounded(_ value: Double) -> String { "\((value * 1_000).rounded() / 1_000)" }
}
