import ExampleSupport
import SimulatedVendors

/// Serves the simulated vendors until Ctrl-C: for trying `ask` and other programs without a key.
@main
enum SimulatedVendorsServer {
    static let usage = """
        Usage: simulated-vendors [options]

        Serves make-believe vendors with the wire formats of OpenAI Chat Completions and Anthropic Messages. Their only key
        is 'simulated'. The addresses are printed, a line each, as soon as they answer.

          --port N             OpenAI's port (default: a free one)
          --anthropic-port N   Anthropic's port (default: a free one)
          --key KEY            another key
          --seed N             what chance starts from (default 1)
          --latency X          multiplies every delay (default 1; 0 answers at once)
          --rate-limited N     one first attempt in N gets 429; 0 (default) is never, 1 always
          --server-error N     likewise 500
          --overloaded N       likewise 503 or 529
          --cut-stream N       one stream in N stops before its end
        """

    static func main() async {
        do {
            let arguments = try Arguments(
                CommandLine.arguments.dropFirst(),
                valued: [
                    "--port", "--anthropic-port", "--key", "--seed", "--latency", "--rate-limited", "--server-error",
                    "--overloaded", "--cut-stream",
                ],
                flags: ["--help", "-h"]
            )
            if arguments.contains("--help") || arguments.contains("-h") { return Terminal.output.print(usage) }
            if let word = arguments.words.first { throw Arguments.Mistake("nothing to do with '\(word)'") }
            func share(_ name: String) throws -> Int { try arguments.int(name, in: 0...1_000_000) ?? 0 }
            func port(_ name: String) throws -> UInt16 { UInt16(try arguments.int(name, in: 0...65_535) ?? 0) }
            let simulation = try Simulation(
                openAIPort: try port("--port"),
                anthropicPort: try port("--anthropic-port"),
                key: arguments["--key"] ?? "simulated",
                seed: UInt64(try arguments.int("--seed", in: 0...Int.max) ?? 1),
                faults: Faults(
                    rateLimited: try share("--rate-limited"),
                    serverError: try share("--server-error"),
                    overloaded: try share("--overloaded"),
                    cutStream: try share("--cut-stream")
                ),
                latencyScale: try arguments.double("--latency", in: 0...1_000) ?? 1
            )
            Terminal.output.print("openai \(simulation.openAIAddress)\nanthropic \(simulation.anthropicAddress)")
            let (_, status) = await Interrupts.cancelling {
                while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
            }
            simulation.stop()
            endProcess(status ?? 0)
        } catch let mistake as Arguments.Mistake {
            Terminal.errors.print("simulated-vendors: \(mistake)\n\n\(usage)")
            endProcess(2)
        } catch {
            Terminal.errors.print("simulated-vendors: \(error)")
            endProcess(3)
        }
    }
}
