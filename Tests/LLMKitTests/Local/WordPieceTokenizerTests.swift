import Foundation
import Testing

@testable import LLMKit

@Suite struct WordPieceTokenizerTests {
    private static let vocabulary = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "want", "##want", "##ed", "wa", "!",
        "##!",
        "\u{4E2D}", "e", "##e", "i", "\u{3C3}",
    ]

    private func withFolder<Value>(_ files: [String: String], _ body: (String) throws -> Value) throws -> Value {
        let scratch = try ScratchDirectory()
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: scratch.file(name))) }
        return try withExtendedLifetime(scratch) { try body(scratch.path) }
    }

    private func tokenizer(
        _ files: [String: String] = ["vocab.txt": vocabulary.joined(separator: "\n")]
    ) throws -> WordPieceTokenizer {
        try withFolder(files) { try WordPieceTokenizer(folder: $0) }
    }

    static let texts: [(String, [Int32])] = [
        ("", [2, 3]), ("unaffable", [2, 5, 6, 7, 3]), ("UNaffable wanted!", [2, 5, 6, 7, 8, 10, 12, 3]),
        ("unwanted", [2, 5, 9, 10, 3]), ("unwantx", [2, 1, 3]), ("x", [2, 1, 3]), ("\u{E9}\u{C9}", [2, 15, 16, 3]),
        ("e\u{301}e", [2, 15, 16, 3]), ("\u{130}", [2, 17, 3]), ("\u{3A3} \u{3C2}", [2, 18, 1, 3]),
        ("un\u{4E2D}un", [2, 5, 14, 5, 3]), ("un[MASK]aff", [2, 5, 4, 1, 3]), ("[mask]", [2, 1, 1, 1, 3]),
        ("u\u{0}n\u{200B} \u{FFFD}\tun\u{A0}un\r\n", [2, 5, 5, 5, 3]), (String(repeating: "e", count: 100), []),
        (String(repeating: "e", count: 101), [2, 1, 3]), (String(repeating: "e", count: 5_000_000), [2, 1, 3]),
    ]

    @Test(arguments: texts.indices)
    func `words are cut into the longest pieces of the vocabulary`(index: Int) throws {
        let (text, ids) = Self.texts[index]
        let expected = ids.isEmpty ? [2, 15] + [Int32](repeating: 16, count: 99) + [3] : ids
        #expect(try tokenizer().encode(text) == expected)
    }

    @Test func `a limit cuts the text off inside the frame`() throws {
        let tokenizer = try tokenizer()
        let text = String(repeating: "unaffable wanted! ", count: 1_000)
        let whole = tokenizer.encode(text)
        #expect(whole.count == 6_002)
        for limit in [3, 4, 5, 100, 6_001, 6_002, 6_003, .max] {
            let cut = tokenizer.encode(text, limit: limit)
            #expect(cut == Array(whole.dropLast().prefix(limit - 1)) + [3])
        }
        #expect(tokenizer.encode(text, limit: 2) == [2, 3])
        #expect(tokenizer.encode(text, limit: 1) == [2])
        for limit in [0, -1, .min] { #expect(tokenizer.encode(text, limit: limit).isEmpty) }
    }

    @Test func `the configuration beside a plain vocabulary is heeded`() throws {
        let vocabulary = Self.vocabulary.joined(separator: "\r\n") + "\n"
        let configuration = #"""
            {"do_lower_case":false,"strip_accents":null,"cls_token":{"content":"[MASK]","lstrip":false},"sep_token":"!"}
            """#
        let tokenizer = try tokenizer(["vocab.txt": vocabulary, "tokenizer_config.json": configuration])
        #expect(tokenizer.encode("Un un") == [4, 1, 5, 12])
        #expect(tokenizer.vocabularySize == Self.vocabulary.count)
    }

    static let foreign: [(files: [String: String], expected: String)] = [
        ([:], "neither tokenizer.json nor vocab.txt"), (["vocab.txt": ""], "no token \"[UNK]\""),
        (["vocab.txt": "[UNK]\n[CLS]"], "no token \"[SEP]\""),
        (
            ["vocab.txt": "[UNK]\n[CLS]\n[SEP]", "tokenizer_config.json": "[]"],
            "tokenizer_config.json: expected an object"
        ),
        (["tokenizer.json": ""], "expected an object"), (["tokenizer.json": "{}"], "no model"),
        (["tokenizer.json": #"{"model":{"type":"BPE","vocab":{},"merges":[]}}"#], #"the type "BPE", not "WordPiece""#),
        (["tokenizer.json": #"{"model":{"type":"WordPiece"}}"#], "no vocab"),
        (["tokenizer.json": #"{"model":{"type":"WordPiece","vocab":{"a":-1}}}"#], "token's id"),
        (["tokenizer.json": #"{"model":{"type":"WordPiece","vocab":{"a":99999999999}}}"#], "token's id"),
        (["tokenizer.json": #"{"pre_tokenizer":{"type":"ByteLevel"}}"#], #"not "BertPreTokenizer""#),
        (["tokenizer.json": #"{"normalizer":{"type":"NFKC"}}"#], #"not "BertNormalizer""#),
        (["tokenizer.json": #"{"post_processor":{"type":"RobertaProcessing"}}"#], "not TemplateProcessing"),
        (["tokenizer.json": #"{"post_processor":{"type":"TemplateProcessing","single":[]}}"#], "no place for the text"),
        (
            [
                "tokenizer.json":
                    #"{"model":{"type":"WordPiece","vocab":{"a":0}},"pre_tokenizer":{"type":"BertPreTokenizer"}}"#
            ],
            "unknown token"
        ),
        (["tokenizer.json": String(repeating: "[", count: 1_000_000)], "expected an object"),
    ]

    @Test(arguments: foreign.indices)
    func `a foreign tokenizer is refused with a reason`(index: Int) throws {
        let (files, expected) = Self.foreign[index]
        try withFolder(files) { path in
            let error = #expect(throws: LLMError.self) { try WordPieceTokenizer(folder: path) }
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
        }
    }

    @Test(.enabled(if: Weights.areThere, "\(Weights.hint)"))
    func `vocab.txt gives the same tokens as tokenizer.json`() throws {
        let whole = try WordPieceTokenizer(folder: Weights.folder)
        let plain = try tokenizer([
            "vocab.txt": try String(contentsOfFile: Weights.folder + "/vocab.txt", encoding: .utf8),
            "tokenizer_config.json": try String(
                contentsOfFile: Weights.folder + "/tokenizer_config.json",
                encoding: .utf8
            ),
        ])
        #expect(plain.vocabularySize == 30_522)
        for text in [
            "How tall is Mont Blanc?", "[CLS] na\u{EF}ve [MASK]! \u{4E2D}\u{6587}",
            "\u{1F468}\u{200D}\u{1F469} e\u{301}",
        ] {
            #expect(plain.encode(text) == whole.encode(text))
        }
        #expect(whole.encode("How tall is Mont Blanc?") == [101, 2129, 4206, 2003, 18_318, 18_698, 1_029, 102])
    }
}
