import Foundation
import LLMKit
import Testing

// What the guide on prices shows, kept compiling and true.

@Suite struct Prices {
    // BEGIN Prices
    func house(pricesAt path: String) throws -> Pipeline {
        // Where both know a model of a vendor, the file's lines count.
        let prices = PriceTable.builtIn.overriding(with: try PriceTable(contentsOf: path))
        return try Pipeline(router: .to("house"), prices: prices) {
            ChatModel("house", .openAICompatible("house-model", at: "http://gpu-1:8000/v1"))
        }
    }
    // END Prices

    @Test func `the guide's price file is read, and prices the pipeline's model`() throws {
        let guide = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Documentation/LLMKit.docc/Guides/Prices.md")
        let page = try String(contentsOf: guide, encoding: .utf8)
        let file = try #require(
            page.components(separatedBy: "```text\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
                .first { $0.hasPrefix("llmkit-prices 1\n") }
        )
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "prices.txt")
        try file.write(to: path, atomically: true, encoding: .utf8)
        let prices = try house(pricesAt: path.path()).prices
        let usage = Usage(input: 1_000_000, cacheRead: 1_000_000)
        func cost(_ vendor: String, _ model: String, _ day: String = "2026-11-24T12:00:00Z") throws -> Double? {
            let date = try Date(day, strategy: .iso8601)
            return prices.price(vendor: vendor, model: model, at: date)?.cost(of: usage)?.dollars
        }
        #expect(try cost("openai-compatible", "house-model") == 0.22)
        #expect(try cost("openai-compatible", "night-model") == 0.4)
        #expect(try cost("openai-compatible", "night-model", "2026-11-24T05:59:00Z") == 0.2)
        #expect(try cost("openai-compatible", "night-model", "2026-11-28T12:00:00Z") == 0.2)
        #expect(try cost("vllm", "qwen3-8b") == 0)
    }
}
