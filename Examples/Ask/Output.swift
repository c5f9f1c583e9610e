import ExampleSupport
import LLMKit
import PortableFoundation

/// Writes an answer to standard output, and what is said about it to standard error.
struct Output {
    private let options: Options
    /// Whether the answer ends in the middle of a line.
    private var isLineOpen = false

    init(_ options: Options) { self.options = options }

    mutating func write(_ text: String) throws(Terminal.Failure) {
        guard let last = text.last else { return }
        try Terminal.output.write(text)
        isLineOpen = !last.isNewline
    }

    /// What can only be said once the answer is there.
    mutating func finish(_ response: ChatResponse) throws(Terminal.Failure) {
        if isLineOpen { try write("\n") }
        for call in response.toolCalls { try write(Self.line(call)) }
        if options.wantsLogProbabilities { listLogProbabilities(response) }
        for note in Self.notes(response) { Terminal.errors.print("ask: note: \(note)") }
        if options.isVerbose { Terminal.errors.print(Self.summary(response)) }
    }

    /// What is lost of an answer, and not of the request.
    private static let lossesOfAnswers: Set<String> = ["citations", "audio", "images of the answer"]

    /// What whoever reads the answer should know of it and does not see in it.
    static func notes(_ response: ChatResponse) -> [String] {
        var notes: [String] = []
        if case .other(let reason) = response.finish {
            switch reason {
            case "", "unknown": notes.append("the server did not say why the answer ended")
            case "missing_tool_call": notes.append("the answer ended to call a tool, but holds no call")
            default: notes.append("the answer ended for a reason of the server's own: \(reason)")
            }
        }
        if response.finish == .stop, response.text.isEmpty, response.toolCalls.isEmpty {
            let hasThought = response.message.parts.contains { if case .thinking = $0 { true } else { false } }
            notes.append(hasThought ? "the model only thought, and answered nothing" : "the answer is empty")
        }
        if !response.losses.isEmpty {
            let received = response.losses.filter(Self.lossesOfAnswers.contains)
            let sent = response.losses.filter { !received.contains($0) }
            if !sent.isEmpty {
                notes.append("this vendor has no place for it, so it was left out: \(sent.joined(separator: ", "))")
            }
            if !received.isEmpty {
                notes.append(
                    "the vendor sent it, but there is no place for it here: \(received.joined(separator: ", "))"
                )
            }
        }
        return notes
    }

    /// A tool call as one line of JSON, however its arguments are laid out; arguments that are no JSON, which models do
    /// write, become a string.
    static func line(_ call: ToolCall) -> String {
        let arguments = (try? RawJSON(call.arguments))?.onOneLine ?? quoted(call.arguments)
        return "{\"tool_call\":{\"id\":\(quoted(call.id)),\"name\":\(quoted(call.name)),\"arguments\":\(arguments)}}\n"
    }

    private func listLogProbabilities(_ response: ChatResponse) {
        guard let tokens = response.logProbabilities else {
            Terminal.errors.print("ask: the vendor reported no log-probabilities")
            return
        }
        for token in tokens {
            Terminal.errors.print("\(Figures.fixed(token.logProbability, 4))\t\(Self.quoted(token.token))")
        }
    }

    /// Model, tokens, cost and time in a line.
    static func summary(_ response: ChatResponse) -> String {
        let usage = response.usage
        var input = "\(usage.totalInput) in"
        if usage.cacheRead > 0 { input += " (\(usage.cacheRead) cached)" }
        let estimate = usage.isEstimated ? ", estimated" : ""
        let cost = response.cost.map { "\($0)" } ?? "unknown price"
        var time = Figures.time(response.timing.total)
        if let first = response.timing.firstToken { time += " (first token \(Figures.time(first)))" }
        let model = response.servedModel ?? response.model?.description ?? "unknown model"
        return "\(model)  \(input) + \(usage.output) out tokens\(estimate)  \(cost)  \(time)"
    }

    private static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(text) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self).escapingLineSeparators
    }
}
