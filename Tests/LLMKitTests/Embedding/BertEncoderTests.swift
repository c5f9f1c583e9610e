import CKernels
import Foundation
import Testing

@testable import LLMKit

@Suite struct BertEncoderTests {
    private static let texts: [(String, [Int])] = [
        ("the cat sat on a mat.", [2, 4, 5, 6, 7, 8, 9, 11, 3]),
        ("", [2, 3]),
        ("dog?", [2, 1, 12, 3]),
        ("cats", [2, 5, 10, 3]),
        ("a a a a a a a a a a a a a a", [2, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 3]),
    ]

    private static let shapes: [TinyBert.Shape] = [
        .init(),
        .init(hidden: 32, layers: 1, heads: 1, inner: 128, activation: "gelu_new", pooling: "cls_token"),
        .init(hidden: 30, layers: 3, heads: 5, inner: 7, activation: "relu", pooling: "max_tokens", prefix: "bert."),
        .init(hidden: 64, layers: 1, heads: 2, inner: 96),
    ]

    private func cosine(_ a: [Float], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * $1.1 } }

    @Test(arguments: shapes.indices)
    func `a model of any shape gives what the formulas give, whatever the processor`(_ index: Int) async throws {
        let model = try TinyBert(Self.shapes[index], seed: UInt64(index) + 1)
        let expected = Self.texts.map { model.vector(of: $0.1) }
        // Eight bits are coarse for so few channels; that they are faithful is tested with real weights.
        let least: [MiniLMEmbedder.Precision: Double] = [.float32: 0.999999, .bfloat16: 0.9998, .int8: 0.995]
        for kernels in EncoderKernelTests.all {
            for precision in MiniLMEmbedder.Precision.allCases {
                var value = kernels.value
                let embedder = try MiniLMEmbedder(folder: model.folder, precision: precision, kernels: &value)
                let vectors = try await embedder.embed(Self.texts.map(\.0)).vectors
                for (vector, (text, right)) in zip(vectors, zip(Self.texts.map(\.0), expected)) {
                    let reached = cosine(vector, right)
                    #expect(reached > least[precision] ?? 1, "\(kernels.testDescription), \(precision), \(text)")
                    #expect(abs(cosine(vector, vector.map(Double.init)) - 1) < 1e-5)
                }
            }
        }
    }

    @Test(arguments: MiniLMEmbedder.Precision.allCases)
    func `a batch gives the vectors of its texts alone`(_ precision: MiniLMEmbedder.Precision) async throws {
        let model = try TinyBert()
        let embedder = try MiniLMEmbedder(folder: model.folder, precision: precision)
        // More tokens than one pass takes.
        let texts = (0..<300).map { (0..<$0 % 11).map { TinyBert.words[4 + $0 % 6] }.joined(separator: " ") }
        let together = try await embedder.embed(texts).vectors
        for (text, vector) in zip(texts, together).prefix(22) {
            let alone = try await embedder.embed([text]).vectors
            #expect(cosine(vector, (alone.first ?? []).map(Double.init)) > 0.999999)
        }
        #expect(together[0..<11] == together[22..<33])
    }

    @Test func `vectors of different weights or precisions never meet`() throws {
        let model = try TinyBert()
        var identities = try Set(
            MiniLMEmbedder.Precision.allCases.map {
                try MiniLMEmbedder(folder: model.folder, precision: $0).info.identity
            }
        )
        #expect(identities.count == 3)
        let same = try TinyBert()
        #expect(try identities.contains(MiniLMEmbedder(folder: same.folder).info.identity))
        model.tensors["encoder.layer.1.output.dense.bias"]?.values[0] += 1
        try model.writeWeights()
        #expect(try identities.insert(MiniLMEmbedder(folder: model.folder).info.identity).inserted)
        try model.write("vocab.txt", TinyBert.words.reversed().joined(separator: "\n"))
        #expect(try identities.insert(MiniLMEmbedder(folder: model.folder).info.identity).inserted)
    }

    @Test func `a tensor that is missing or of another shape is told by file, name and shapes`() throws {
        let model = try TinyBert()
        func error() -> LLMError? {
            #expect(throws: LLMError.self) { try MiniLMEmbedder(folder: model.folder) }
        }
        let name = "encoder.layer.1.intermediate.dense.weight"
        model.tensors[name]?.shape = [24, 40]
        try model.writeWeights()
        #expect(error()?.code == .invalidConfiguration)
        for part in ["model.safetensors", name, "[24, 40]", "[40, 24]"] {
            #expect(error()?.message.contains(part) == true)
        }
        model.tensors[name] = nil
        try model.writeWeights()
        for part in ["model.safetensors", name] { #expect(error()?.message.contains(part) == true) }
    }

    @Test func `a damaged file, a foreign folder and no folder are errors that name them`() throws {
        let model = try TinyBert()
        let file = model.folder + "/model.safetensors"
        let whole = try Data(contentsOf: URL(filePath: file))
        for count in [0, 7, 100, whole.count / 2, whole.count - 1] {
            try whole.prefix(count).write(to: URL(filePath: file))
            let error = #expect(throws: LLMError.self) { try MiniLMEmbedder(folder: model.folder) }
            #expect(error?.message.contains("model.safetensors") == true)
        }
        try model.write("config.json", #"{"model_type":"gpt2"}"#)
        #expect(throws: LLMError.self) { try MiniLMEmbedder(folder: model.folder) }
        let error = #expect(throws: LLMError.self) { try MiniLMEmbedder(folder: model.folder + "/none") }
        #expect(error?.code == .storage)
    }

    @Test func `weights that are no numbers are an error, not a vector`() async throws {
        let model = try TinyBert()
        model.tensors["encoder.layer.0.output.dense.bias"]?.values[3] = .nan
        try model.writeWeights()
        for precision in MiniLMEmbedder.Precision.allCases {
            let embedder = try MiniLMEmbedder(folder: model.folder, precision: precision)
            await #expect(throws: LLMError.self) { try await embedder.embed(["the cat"]) }
        }
    }
}
