import ExampleSupport
import LLMKit

/// Sends one question and prints the answer as it arrives: the smallest useful program on LLMKit.
///
/// It is also a black box to try every part of LLMKit with. `ask --help` lists its options.
@main
enum Ask {
    static func main() async {
        Terminal.ignoreBrokenPipes()
        do {
            let options = try Options(CommandLine.arguments.dropFirst())
            if options.wantsHelp {
                try Terminal.output.write(Options.usage + "\n")
                return
            }
            endProcess(await run(try Command(options)))
        } catch {
            Terminal.errors.print("ask: \(error)")
            if error is Arguments.Mistake { Terminal.errors.print("Try 'ask --help'.") }
            endProcess(ExitStatus(error).rawValue)
        }
    }

    /// Runs the command until it ends or a signal cancels it; either way, the call is settled when this returns.
    private static func run(_ command: Command) async -> Int32 {
        let (status, signal) = await Interrupts.cancelling {
            let status = await command.run()
            // Under the same guard, because signals come in company; apart from the task that they cancel.
            await Task { await command.pipeline.shutdown() }.value
            return status
        }
        return signal ?? status.rawValue
    }
}
