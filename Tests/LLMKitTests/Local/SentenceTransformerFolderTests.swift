import Foundation
import Testing

@testable import LLMKit

@Suite struct SentenceTransformerFolderTests {
    private static let files = [
        "config.json": #"""
        {"model_type":"bert","hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":16,
        "hidden_act":"gelu","layer_norm_eps":1e-12,"vocab_size":5,"max_position_embeddings":64,"type_vocab_size":2,
        "architectures":["BertModel"],"x":null}
        """#,
        "modules.json": #"""
        [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
        {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
        {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]
        """#,
        "1_Pooling/config.json": #"""
        {"word_embedding_dimension":8,"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":true,"include_prompt":true}
        """#,
        "sentence_bert_config.json": #"{"max_seq_length":32,"do_lower_case":false}"#,
        "vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\na",
    ]

    private func withFolder<Value>(
        _ change: (inout [String: String]) -> Void = { _ in },
        _ body: (String) throws -> Value
    ) throws -> Value {
        var files = Self.files
        change(&files)
        let scratch = try ScratchDirectory()
        try FileManager.default.createDirectory(atPath: scratch.file("1_Pooling"), withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: scratch.file(name))) }
        return try withExtendedLifetime(scratch) { try body(scratch.path) }
    }

    private func model(_ change: (inout [String: String]) -> Void = { _ in }) throws -> SentenceTransformerFolder {
        try withFolder(change) { try SentenceTransformerFolder($0) }
    }

    @Test func `a folder tells how a text becomes a vector`() throws {
        let model = try model()
        #expect(model.configuration.hiddenSize == 8)
        #expect(model.configuration.headSize == 4)
        #expect(model.configuration.activation == .gelu)
        #expect(model.configuration.layerNormEpsilon == 1e-12)
        #expect(model.pooling == .mean)
        #expect(model.normalizes)
        #expect(model.maxTokens == 32)
    }

    @Test func `what the folder leaves out has the values of sentence-transformers`() throws {
        let model = try model {
            $0["sentence_bert_config.json"] = nil
            $0["modules.json"] = #"[{"path":"1_Pooling","type":"sentence_transformers.models.Pooling.Pooling"}]"#
            $0["1_Pooling/config.json"] = #"{"embedding_dimension":8,"pooling_mode":"cls"}"#
        }
        #expect(model.maxTokens == 64)
        #expect(model.pooling == .cls)
        #expect(!model.normalizes)
    }

    static let foreign: [(file: String, old: String, new: String?, expected: String)] = [
        ("config.json", "", nil, "No such file"), ("config.json", "\"bert\"", "\"t5\"", "model_type is \"t5\""),
        ("config.json", "\"hidden_size\":8", "\"hidden_size\":0", "hidden_size is 0"),
        ("config.json", "\"hidden_size\":8", "\"hidden_size\":9", "2 heads"),
        ("config.json", "\"hidden_size\":8", "\"hidden_size\":1e18", "hidden_size is"),
        ("config.json", "\"hidden_size\":8,", "", "no hidden_size"),
        ("config.json", "\"gelu\"", "\"silu\"", "hidden_act"),
        ("config.json", "1e-12", "-1", "layer_norm_eps"),
        ("config.json", "\"x\"", "\"position_embedding_type\":\"rotary\",\"x\"", "absolute"),
        ("modules.json", "", nil, "No such file"), ("modules.json", "models.Pooling", "models.LSTM", "LSTM"),
        ("modules.json", "models.Normalize", "models.Dense", "Dense"),
        ("modules.json", "1_Pooling", "../x", "out of the folder"),
        ("1_Pooling/config.json", "", nil, "No such file"), ("1_Pooling/config.json", ":8", ":9", "hidden_size"),
        ("1_Pooling/config.json", "false", "true", "not one of"),
        ("1_Pooling/config.json", "true,", "false,", "not one of"),
        ("sentence_bert_config.json", "32", "1", "max_seq_length is 1"),
        ("sentence_bert_config.json", "{", "", "expected"),
    ]

    @Test(arguments: foreign.indices)
    func `a foreign folder is refused by file and reason`(index: Int) throws {
        let (file, old, new, expected) = Self.foreign[index]
        let change = { (files: inout [String: String]) in
            files[file] = new.flatMap { files[file]?.replacingOccurrences(of: old, with: $0) }
        }
        try withFolder(change) { path in
            let error = #expect(throws: LLMError.self) { try SentenceTransformerFolder(path) }
            #expect(error?.message.contains("\(path)/\(file)") == true, "\(String(describing: error))")
            #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: [
        "", "config.json", "modules.json", "1_Pooling/config.json", "model.safetensors", "tokenizer.json",
    ])
    func `what is missing is told with its whole path, what a folder holds, and how to come by one`(name: String) throws
    {
        let takeAway = { (files: inout [String: String]) in
            files[name] = nil
            if name == "tokenizer.json" { files["vocab.txt"] = nil }
        }
        try withFolder(takeAway) { path in
            let path = name.isEmpty ? path + "/absent" : path
            let error = #expect(throws: LLMError.self) {
                let folder = try SentenceTransformerFolder(path)
                if name == "model.safetensors" { _ = try folder.weights() }
                _ = try folder.tokenizer()
            }
            let message = try #require(error?.message)
            #expect(message.hasPrefix(name.isEmpty ? "\(path): No such folder" : "\(path)/\(name): No such file"))
            for words in ["config.json, modules.json, model.safetensors", "`make embedder`", "an app ships"] {
                #expect(message.contains(words))
            }
        }
    }

    @Test func `a path that is relative is told from the root on`() {
        let error = #expect(throws: LLMError.self) { try SentenceTransformerFolder("no/such/folder") }
        let here = FileManager.default.currentDirectoryPath
        #expect(error?.message.hasPrefix("\(here)/no/such/folder: No such folder") == true)
    }

    @Test func `a tokenizer that does not go with the model is refused`() throws {
        let enlarge = { (files: inout [String: String]) in files["vocab.txt", default: ""] += "\nb" }
        try withFolder(enlarge) { path in
            let model = try SentenceTransformerFolder(path)
            let error = #expect(throws: LLMError.self) { try model.tokenizer() }
            #expect(error?.message.contains("vocab_size") == true)
        }
    }

    @Test(.enabled(if: Weights.areThere, "\(Weights.hint)"))
    func `the real folder is read`() throws {
        let model = try SentenceTransformerFolder(Weights.folder)
        #expect(model.configuration.hiddenSize == 384)
        #expect(model.configuration.layerCount == 6)
        #expect(model.maxTokens == 256)
        #expect(
            try model.weights().floats("embeddings.word_embeddings.weight", shape: [30_522, 384]).count == 11_720_448
        )
        #expect(try model.tokenizer().vocabularySize == 30_522)
    }
}
