import Foundation
import Testing

@testable import LLMKit

/// Compares with the reference: Hugging Face's tokenizers package.
@Suite struct WordPieceOracleTests {
    static let isOracleThere: Bool = (try? python(["-c", "import tokenizers"])) != nil
    static let hint = "needs python3 with the tokenizers package"

    /// What to change in a plain tokenizer.json.
    static let variants: [(name: String, normalizer: String, model: String, extra: String)] = [
        ("uncased", normalizer(lower: true), "", template),
        ("cased", normalizer(lower: false), "", template),
        ("accents kept", normalizer(accents: "false", lower: true), "", bertProcessing),
        ("only accents removed", normalizer(accents: "true", lower: false), "", template),
        ("not cleaned", normalizer(clean: false, chinese: false, lower: true), "", template),
        ("not normalised", "null", #""max_input_chars_per_word":7,"#, bertProcessing),
        ("without a frame", normalizer(lower: true), "", #""post_processor":null"#),
    ]

    private static func normalizer(
        clean: Bool = true,
        chinese: Bool = true,
        accents: String = "null",
        lower: Bool
    ) -> String {
        #"{"type":"BertNormalizer","clean_text":\#(clean),"handle_chinese_chars":\#(chinese),"#
            + #""strip_accents":\#(accents),"lowercase":\#(lower)}"#
    }

    private static let template = #"""
        "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},
        {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],"pair":[
        {"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{
        "[CLS]":{"id":"[CLS]","ids":[1],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[2],"tokens":["[SEP]"]}}}
        """#
    private static let bertProcessing =
        #""post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]}"#

    @Test(.enabled(if: isOracleThere && Weights.areThere, "\(hint); \(Weights.hint)"))
    func `the tokens of 20,000 hostile strings are the reference's`() throws {
        try compare(Weights.folder + "/tokenizer.json", count: 20_000, seed: 20_261)
    }

    @Test(
        .enabled(
            if: isOracleThere && environmentVariable("LLMKIT_SOAK") != nil,
            "\(hint), and LLMKIT_SOAK=1"
        )
    )
    func `soak: the tokens of every Unicode scalar are the reference's, whatever the settings`() throws {
        for variant in Self.variants { try compare(variant, count: 0) }
    }

    @Test(.enabled(if: isOracleThere, "\(hint)"))
    func `whatever the settings, the tokens are the reference's`() throws {
        for variant in Self.variants { try compare(variant, count: 1_500) }
    }

    private func compare(
        _ variant: (name: String, normalizer: String, model: String, extra: String),
        count: Int
    ) throws {
        let scratch = try ScratchDirectory()
        let file = scratch.file("tokenizer.json")
        let vocabulary = Self.vocabulary.enumerated().map { "\(quotedJSON($1)):\($0)" }.joined(separator: ",")
        let added = Self.added.map { content, flags in
            let id = Self.vocabulary.firstIndex(of: content) ?? -1
            let names = ["single_word", "lstrip", "rstrip", "normalized"]
            let members = names.map { #""\#($0)":\#(flags.contains($0))"# }.joined(separator: ",")
            return #"{"id":\#(id),"content":\#(quotedJSON(content)),"special":true,\#(members)}"#
        }
        let json = """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[\(added.joined(separator: ","))],
            "normalizer":\(variant.normalizer),"pre_tokenizer":{"type":"BertPreTokenizer"},\(variant.extra),
            "decoder":null,"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
            \(variant.model.isEmpty ? #""max_input_chars_per_word":100,"# : variant.model)"vocab":{\(vocabulary)}}}
            """
        try Data(json.utf8).write(to: URL(filePath: file))
        try compare(file, count: count, seed: 7, name: variant.name)
    }

    private func compare(_ file: String, count: Int, seed: Int, name: String = "") throws {
        let script = Weights.packageRoot + "/Tests/Oracles/wordpiece.py"
        let output = try Self.python([script, file, "\(count)", "\(seed)"])
        let tokenizer = try WordPieceTokenizer(contentsOf: file)
        let lines = output.split(separator: "\n")
        #expect(lines.count >= max(count, 1))
        var wrong = 0
        for line in lines {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard parts.count == 2, let text = Self.text(hexadecimal: parts[0]) else {
                Issue.record("not a line of the oracle's: \(line)")
                continue
            }
            let ids = tokenizer.encode(text)
            guard ids.map(String.init).joined(separator: " ") != parts[1] else { continue }
            wrong += 1
            if wrong <= 5 { Issue.record("\(name): \(text.debugDescription) gives \(ids), expected \(parts[1])") }
        }
        #expect(wrong == 0)
    }

    /// Few words, so that much is unknown, and pieces that compete.
    private static let vocabulary: [String] = {
        var tokens = [
            "[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]", "<x>", "<x>y", "The", "a", "\u{E9}", "\u{C9}moji", " z",
        ]
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789.,'!?[]-" {
            tokens += letter == "a" ? ["##a"] : ["\(letter)", "##\(letter)"]
        }
        tokens += ["the", "then", "th", "##en", "##ing", "##ings", "A", "B", "##B", "\u{C4}", "##\u{E4}", "e\u{301}"]
        return tokens + [
            "\u{3C3}", "##\u{3C3}", "\u{3C2}", "##\u{3C2}", "i\u{307}", "\u{4E2D}", "##\u{4E2D}", "\u{1112}",
            "##\u{1161}",
        ]
    }()

    private static let added: [(content: String, flags: Set<String>)] = [
        ("[PAD]", []), ("[CLS]", []), ("[SEP]", []), ("[UNK]", []), ("[MASK]", ["lstrip"]),
        ("<x>", ["lstrip", "rstrip"]),
        ("<x>y", []), ("The", ["normalized", "lstrip"]), ("a", ["single_word"]), ("\u{E9}", []),
        ("\u{C9}moji", ["normalized"]), (" z", ["rstrip"]),
    ]

    private func quotedJSON(_ text: String) -> String { "\"\(text)\"" }

    private static func text(hexadecimal: Substring) -> String? {
        let digits = Array(hexadecimal.utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func python(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-W", "ignore"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["TOKENIZERS_PARALLELISM": "false"]) { $1 }
        let stdout = Pipe()
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        struct Failed: Error { var command: [String] }
        guard process.terminationStatus == 0 else { throw Failed(command: arguments) }
        return String(decoding: output, as: UTF8.self)
    }
}
