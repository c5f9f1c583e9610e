import Foundation

@testable import LLMKit

/// A BERT model of random weights, small enough for an oracle in double precision, and its folder.
final class TinyBert {
    struct Shape {
        var hidden = 24
        var layers = 2
        var heads = 3
        var inner = 40
        var activation = "gelu"
        var pooling = "mean_tokens"
        var prefix = ""
    }

    static let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "sat", "on", "a", "mat", "##s", ".", "?"]
    static let maxPositions = 16
    static let maxTokens = 12

    let shape: Shape
    var tensors: [String: (shape: [Int], values: [Float])] = [:]
    private let scratch: ScratchDirectory

    var folder: String { scratch.path }

    init(_ shape: Shape = Shape(), seed: UInt64 = 1) throws {
        self.shape = shape
        scratch = try ScratchDirectory()
        var generator = SeededGenerator(seed: seed)
        func add(_ name: String, _ shape: [Int], around center: Float = 0, spread: Float) {
            let count = shape.reduce(1, *)
            let values = (0..<count).map { _ in center + Float.random(in: -spread...spread, using: &generator) }
            tensors[self.shape.prefix + name] = (shape, values)
        }
        func linear(_ name: String, _ depth: Int, _ columns: Int) {
            add(name + ".weight", [columns, depth], spread: 2 / Float(depth).squareRoot())
            add(name + ".bias", [columns], spread: 0.5)
        }
        func norm(_ name: String) {
            add(name + ".weight", [shape.hidden], around: 1, spread: 0.4)
            add(name + ".bias", [shape.hidden], spread: 0.4)
        }
        add("embeddings.word_embeddings.weight", [Self.words.count, shape.hidden], spread: 1)
        add("embeddings.position_embeddings.weight", [Self.maxPositions, shape.hidden], spread: 0.3)
        add("embeddings.token_type_embeddings.weight", [2, shape.hidden], spread: 0.3)
        norm("embeddings.LayerNorm")
        for layer in 0..<shape.layers {
            let name = "encoder.layer.\(layer)."
            for part in ["query", "key", "value"] {
                linear(name + "attention.self." + part, shape.hidden, shape.hidden)
            }
            linear(name + "attention.output.dense", shape.hidden, shape.hidden)
            norm(name + "attention.output.LayerNorm")
            linear(name + "intermediate.dense", shape.hidden, shape.inner)
            linear(name + "output.dense", shape.inner, shape.hidden)
            norm(name + "output.LayerNorm")
        }
        try writeSettings()
        try writeWeights()
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: scratch.file(name)))
    }

    private func writeSettings() throws {
        try write(
            "config.json",
            """
            {"model_type":"bert","hidden_size":\(shape.hidden),"num_hidden_layers":\(shape.layers),
            "num_attention_heads":\(shape.heads),"intermediate_size":\(shape.inner),"hidden_act":"\(shape.activation)",
            "layer_norm_eps":1e-12,"vocab_size":\(Self.words.count),"max_position_embeddings":\(Self.maxPositions),
            "type_vocab_size":2}
            """
        )
        try write("vocab.txt", Self.words.joined(separator: "\n") + "\n")
        try write("sentence_bert_config.json", #"{"max_seq_length":\#(Self.maxTokens),"do_lower_case":false}"#)
        let modules = ["Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"].sorted {
            $0.value < $1.value
        }
        try write(
            "modules.json",
            "["
                + modules.map { #"{"type":"sentence_transformers.models.\#($0)","path":"\#($1)"}"# }.joined(
                    separator: ","
                ) + "]"
        )
        try FileManager.default.createDirectory(atPath: scratch.file("1_Pooling"), withIntermediateDirectories: true)
        try write(
            "1_Pooling/config.json",
            #"{"word_embedding_dimension":\#(shape.hidden),"pooling_mode_\#(shape.pooling)":true}"#
        )
    }

    /// Writes the tensors as F32, as they are now.
    func writeWeights() throws {
        var header: [String] = []
        var data = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = data.count
            tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
            header.append(
                #""\#(name)":{"dtype":"F32","shape":\#(tensor.shape),"data_offsets":[\#(start),\#(data.count)]}"#
            )
        }
        let json = Data("{\(header.joined(separator: ","))}".utf8)
        let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
        try (length + json + data).write(to: URL(filePath: scratch.file("model.safetensors")))
    }

    /// What the model makes of a text, in double precision.
    func vector(of ids: [Int]) -> [Double] {
        func tensor(_ name: String) -> [Double] { (tensors[shape.prefix + name]?.values ?? []).map(Double.init) }
        func linear(_ name: String, _ rows: [[Double]]) -> [[Double]] {
            EncoderFormulas.linear(rows, tensor(name + ".weight"), tensor(name + ".bias"))
        }
        func norm(_ name: String, _ rows: [[Double]], adding update: [[Double]]) -> [[Double]] {
            let sums: [[Double]] = zip(rows, update).map { row, other in zip(row, other).map { $0 + $1 } }
            return EncoderFormulas.norm(sums, tensor(name + ".weight"), tensor(name + ".bias"), epsilon: 1e-12)
        }
        func row(_ index: Int, of table: String) -> [Double] {
            Array(tensor("embeddings." + table).dropFirst(index * shape.hidden).prefix(shape.hidden))
        }
        let activations: [String: (Double) -> Double] = [
            "gelu": EncoderFormulas.gelu, "gelu_new": EncoderFormulas.geluTanh, "relu": EncoderFormulas.relu,
        ]
        let activation: (Double) -> Double = activations[shape.activation] ?? { $0 }
        let kind = row(0, of: "token_type_embeddings.weight")
        let positions: [[Double]] = ids.indices.map { index in
            zip(row(index, of: "position_embeddings.weight"), kind).map { $0 + $1 }
        }
        var x = norm("embeddings.LayerNorm", ids.map { row($0, of: "word_embeddings.weight") }, adding: positions)
        let size = shape.hidden / shape.heads
        for layer in 0..<shape.layers {
            let name = "encoder.layer.\(layer)."
            let parts: [[[Double]]] = ["query", "key", "value"].map { linear(name + "attention.self." + $0, x) }
            var mixed = [[Double]](repeating: [], count: x.count)
            for head in 0..<shape.heads {
                let own: [[[Double]]] = parts.map { $0.map { Array($0.dropFirst(head * size).prefix(size)) } }
                let scale = 1 / Double(size).squareRoot()
                for (index, row) in EncoderFormulas.attend(own[0], own[1], own[2], scale: scale).enumerated() {
                    mixed[index] += row
                }
            }
            let output = linear(name + "attention.output.dense", mixed)
            x = norm(name + "attention.output.LayerNorm", x, adding: output)
            let inner: [[Double]] = linear(name + "intermediate.dense", x).map { $0.map(activation) }
            x = norm(name + "output.LayerNorm", x, adding: linear(name + "output.dense", inner))
        }
        return pooled(x)
    }

    private func pooled(_ rows: [[Double]]) -> [Double] {
        var vector = rows[0]
        for row in rows.dropFirst() {
            switch shape.pooling {
            case "cls_token": break
            case "max_tokens": vector = zip(vector, row).map { max($0, $1) }
            default: vector = zip(vector, row).map { $0 + $1 }
            }
        }
        let length = EncoderFormulas.dot(vector, vector).squareRoot()
        return vector.map { $0 / length }
    }
}
