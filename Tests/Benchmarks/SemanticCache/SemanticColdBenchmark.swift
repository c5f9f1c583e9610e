import Foundation
import LLMKit

/// How much an adaptive policy serves on its first day: an unknown domain, an empty cache, no labels but those that the judge
/// sees.
///
/// Questions come in random order (`plain`), or as some are asked far oftener than others (`zipf:S`). What was asked in the
/// same words before is left to the exact cache, and counts for nothing. What is not served is remembered. The file's
/// labels judge the checks.
struct SemanticColdBenchmark {
    private enum Stream {
        case plain
        case zipf(Double)
    }

    private let rows: [(text: String, answer: String?)]
    private let stream: Stream
    private let questions: Int
    private let promise: AdaptivePolicy.Promise
    private let seed: UInt64
    private let priorPath: [String]
    private let options: Options

    init(_ options: Options) throws {
        guard let path = options.optionalText("file") else { throw UsageError(message: "--file is missing") }
        rows = try Self.questions(path)
        let text = options.optionalText("stream") ?? "plain"
        if text == "plain" {
            stream = .plain
        } else if text.hasPrefix("zipf:"), let exponent = Double(text.dropFirst(5)), exponent > 0 {
            stream = .zipf(exponent)
        } else {
            throw UsageError(message: "--stream must be plain, or zipf: and an exponent above 0")
        }
        questions = try options.int("questions", 5000)
        promise = .init(wrongShare: try options.double("error", 0.02), loan: try options.double("loan", 40))
        seed = UInt64(try options.int("seed", 1))
        priorPath = options.optionalText("prior-from")?.split(separator: ",").map(String.init) ?? []
        self.options = options
    }

    private static func questions(_ path: String) throws -> [(text: String, answer: String?)] {
        switch try LabelledFile.benchmark(path) {
        case .questions(let rows): return rows
        case .pairs: throw UsageError(message: "\(path): must hold questions with answers")
        }
    }

    func run() async throws {
        let source = try VectorSource(options)
        let domain = try await Domain(rows, source, part: "test")
        let policy = AdaptivePolicy(promise, calibration: try await prior(source), seed: seed)
        var cache = try BenchmarkCache(policy, dimensions: domain.vectors.first?.count ?? 0)
        if priorPath.isEmpty, let info = source.info { policy.begin(with: info) }
        var known: Set<String> = []
        var (hits, wrong, checks, repeats, asked) = (0, 0, 0, 0, 0)
        var first: Int?
        for row in draw() {
            asked += 1
            if known.contains(rows[row].text) {
                repeats += 1
                continue
            }
            let answer = domain.answers[row]
            let decided = try cache.decide(domain.vectors[row], domain.traits[row])
            let isRight = decided.answer == answer && domain.isAnswerable[row]
            if decided.decision.action == .serve {
                hits += 1
                if !isRight { wrong += 1 }
                first = first ?? asked
                continue
            }
            if decided.decision.action == .check {
                checks += 1
                policy.learn(HitTrial(found: decided.found, decision: decided.decision, wasRight: isRight))
            }
            try cache.insert(domain.vectors[row], domain.traits[row], answer: answer)
            known.insert(rows[row].text)
        }
        var line = ResultLine()
        line.add("hit_rate", Double(hits) / Double(max(1, asked)), places: 4)
        line.add("wrong_share", Double(wrong) / Double(max(1, hits)), places: 4)
        line.add("judge_calls", checks)
        line.add("first_hit", first ?? 0)
        line.add("n", asked)
        line.add("repeats", repeats)
        line.print()
    }

    /// The rows in the order in which they are asked.
    private func draw() -> [Int] {
        var generator = SplitMix64(seed: seed)
        var order = Array(rows.indices)
        order.shuffle(using: &generator)
        guard case .zipf(let exponent) = stream else { return Array(order.prefix(questions)) }
        var sums: [Double] = []
        for rank in order.indices { sums.append((sums.last ?? 0) + 1 / pow(Double(rank + 1), exponent)) }
        guard let total = sums.last else { return [] }
        return (0..<questions).map { _ in
            let mark = Double.random(in: 0..<1, using: &generator) * total
            // The first whose sum reaches the mark.
            var (low, high) = (0, sums.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] < mark { low = middle + 1 } else { high = middle }
            }
            return order[low]
        }
    }

    /// What to believe before, fitted on other files; `nil` for what the library brings along.
    private func prior(_ source: VectorSource) async throws -> Calibration? {
        guard !priorPath.isEmpty else { return nil }
        var samples: [CalibrationSample] = []
        for path in priorPath {
            let domain = try await Domain(try Self.questions(path), source, part: "train")
            for run in 0..<3 as Range<UInt64> {
                samples += try domain.coldSamples(seed: 100 + run, thinning: 1, cut: 0.45)
                samples += try domain.coldSamples(seed: 200 + run, thinning: 8, cut: 0.6)
            }
        }
        let prior = Calibration.prior(samples)
        if let path = options.optionalText("prior-to") {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            try encoder.encode(prior).write(to: URL(filePath: path))
        }
        return prior
    }
}
