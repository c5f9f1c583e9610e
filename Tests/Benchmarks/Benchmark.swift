// Measures LLMKit. Every subcommand prints one JSON line, so that a script can pair them: Scripts/bench runs the gateway
// and bare libcurl in turn, against the same upstream, and prints the ratios against the targets.

@main
struct Benchmark {
    static func main() async {
        var arguments = Array(CommandLine.arguments.dropFirst())
        let name = arguments.isEmpty ? "" : arguments.removeFirst()
        do {
            let options = try Options(arguments)
            switch name {
            case "gateway": try await GatewayBenchmark(options).run()
            case "libcurl": try LibcurlReference(options).run()
            case "prompt": try await PromptBenchmark(options).run()
            case "cache-hit": try await CacheHitBenchmark(options).run()
            case "semantic-hit": try await SemanticHitBenchmark(options).run()
            case "semantic-index": try await SemanticIndexBenchmark(options).run()
            case "embedder": try await EmbedderBenchmark(options).run()
            case "embed": try await EmbedCommand(options).run()
            case "upstream": try Upstream(options).run()
            case "streams": try await ConcurrentStreams(options).run()
            case "semantic-cache": try await SemanticCacheBenchmark(options).run()
            case "semantic-twins": try await SemanticTwinsBenchmark(options).run()
            case "semantic-cold": try await SemanticColdBenchmark(options).run()
            default: throw UsageError(message: name.isEmpty ? "no benchmark named" : "no benchmark is called '\(name)'")
            }
        } catch {
            printError("benchmark: \(error)\n\(usage)")
            exitWith(2)
        }
    }

    static let usage = """
        usage: benchmark gateway   --url URL --mode chat|stream --conc N --secs S --key K [--bare] [--pace MS] [--ca FILE]
               benchmark libcurl   --url URL --mode chat|stream --conc N --secs S --key K [--bytes N --calls N] [--pace MS] [--ca FILE]
               benchmark prompt    --url URL --key K [--bytes N] [--calls N]
               benchmark cache-hit [--calls N]
               benchmark embedder  --model FOLDER [--calls N]
               benchmark embed     --model FOLDER [--int8 | --bf16]   < texts, one a line
               benchmark streams   [--url URL] --conc N --secs S
               benchmark semantic-hit   [--rows N] [--threshold T | --calibrated] [--vectors FILE] [--queries N]
               benchmark semantic-index --rows N (--threshold T | --any) [--vectors FILE] [--f16] [--k K] [--queries N]
               benchmark semantic-cache --train F --dev F --test F --error E [--model DIR] [--int8]
                                   [--seed N] [--confidence C] [--twins F]
                                   [--train-vectors F.npy --dev-vectors F.npy --test-vectors F.npy]
               benchmark semantic-twins --file F [--threshold T] [--list] [--model DIR] [--int8]
               benchmark semantic-cold  --file F --stream plain|zipf:S --questions N [--error E] [--loan N] [--seed N]
                                   [--prior-from F,F [--prior-to FILE]] [--model DIR] [--int8]
               benchmark upstream  [--port N]
        """
}
