import LLMKit

/// How long the in-process embedder takes for one text of 12 and of 64 tokens: CPU time of the whole call, tokenising and
/// the way to the embedder's thread and back included.
struct EmbedderBenchmark {
    let folder: String
    let calls: Int

    init(_ options: Options) throws {
        folder = try requiredFolder(options)
        calls = try options.int("calls", 200)
    }

    func run() async throws {
        var line = ResultLine()
        let names: [(MiniLMEmbedder.Precision, String)] = [(.float32, "f32"), (.bfloat16, "bf16"), (.int8, "int8")]
        for (precision, name) in names {
            let began = processSeconds()
            let embedder = try MiniLMEmbedder(folder: folder, precision: precision)
            line.add("\(name)_load_ms", (processSeconds() - began) * 1e3)
            for tokens in [12, 64] {
                let samples = try await measure(embedder, calls) { call in [text(of: tokens, number: call)] }
                line.add("\(name)_\(tokens)_ms", samples.microseconds(at: 0.5) / 1e3, places: 3)
            }
            let samples = try await measure(embedder, max(1, calls / 20)) { call in
                (0..<64).map { text(of: 12, number: call * 64 + $0) }
            }
            line.add("\(name)_batch64_ms", samples.microseconds(at: 0.5) / 64e3, places: 3)
        }
        line.print()
    }

    private func measure(
        _ embedder: MiniLMEmbedder,
        _ calls: Int,
        _ texts: (Int) -> [String]
    ) async throws -> Samples {
        var samples = Samples()
        for call in 0..<calls + 5 {
            let batch = texts(call)
            let began = processSeconds()
            let vectors = try await embedder.embed(batch).vectors
            // The first calls warm the caches.
            if call >= 5 { samples.add(processSeconds() - began) }
            guard vectors.count == batch.count else { throw UsageError(message: "a text has no vector") }
        }
        return samples
    }

    /// A text of so many tokens, those of the frame included: every word is one of BERT's own.
    private func text(of tokens: Int, number: Int) -> String {
        let words = [
            "how", "can", "we", "pay", "the", "last", "bill", "from", "my", "phone", "in", "time", "for", "this",
        ]
        var (chosen, rest) = ([String](), number)
        for place in 0..<tokens - 2 {
            chosen.append(words[(place + rest) % words.count])
            rest /= 2
        }
        return chosen.joined(separator: " ")
    }
}

/// Reads texts from standard input, one a line, and prints one JSON array a line: the vectors.
struct EmbedCommand {
    let folder: String
    let precision: MiniLMEmbedder.Precision

    init(_ options: Options) throws {
        folder = try requiredFolder(options)
        precision = options.has("int8") ? .int8 : options.has("bf16") ? .bfloat16 : .float32
    }

    func run() async throws {
        let embedder = try MiniLMEmbedder(folder: folder, precision: precision)
        var texts: [String] = []
        var isAtEnd = false
        while !isAtEnd {
            if let line = readLine() { texts.append(line) } else { isAtEnd = true }
            guard texts.count == 256 || isAtEnd else { continue }
            for vector in try await embedder.embed(texts).vectors {
                print("[" + vector.map { "\($0)" }.joined(separator: ",") + "]")
            }
            texts = []
        }
    }
}

private func requiredFolder(_ options: Options) throws -> String {
    guard let folder = options.optionalText("model") else {
        throw UsageError(message: "--model must name the folder of a model; make embedder fetches one")
    }
    return folder
}
