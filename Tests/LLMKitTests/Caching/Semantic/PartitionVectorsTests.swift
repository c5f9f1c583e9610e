import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct PartitionVectorsTests {
    private static func vectors(_ count: Int, dimensions: Int) -> [[Float]] {
        var generator = SeededGenerator(seed: 7)
        return (0..<count).map { _ in
            let vector = (0..<dimensions).map { _ in Float(generator.unit() - 0.5) }
            return vector.scaledToUnitLength ?? vector
        }
    }

    @Test(arguments: [16, 50, 384]) func `few and many find the same`(dimensions: Int) throws {
        let rows = Self.vectors(PartitionVectors.most + 40, dimensions: dimensions)
        var partition = PartitionVectors()
        let index = try VectorIndex(dimensions: dimensions)
        for (id, row) in rows.enumerated() {
            try partition.insert(row, id: Int64(id), precision: .f32)
            try index.insert(row, id: Int64(id))
            guard id % 37 == 0 || id + 1 == rows.count else { continue }
            let found = try partition.nearest(10, to: row, atLeast: 0)
            let expected = try index.nearest(10, to: row, atLeast: 0)
            #expect(found.map(\.id) == expected.map(\.id))
            for (a, b) in zip(found, expected) { #expect(abs(a.similarity - b.similarity) < 1e-5) }
        }
        guard case .many = partition else { throw LLMError(.unknown, "it should have become an index") }
        for id in 0..<(rows.count - 60) { partition.remove(Int64(id)) }
        guard case .few = partition else { throw LLMError(.unknown, "it should have become few again") }
        #expect(partition.count == 60)
        #expect(try partition.nearest(1, to: rows[rows.count - 1], atLeast: 0.5).map(\.id) == [Int64(rows.count - 1)])
        #expect(partition.vector(0) == nil)
    }

    @Test func `what partitions take is counted, and given back`() throws {
        var options = SemanticCacheOptions()
        options.bytes = 4 << 20
        let memory = SemanticMemory(dimensions: 384, options)
        for (number, vector) in Self.vectors(4_000, dimensions: 384).enumerated() {
            let content = SemanticEntry.Content(
                partition: Fingerprint(of: ChatRequest("\(number % 1_000)")),
                question: "question \(number)",
                answer: 1,
                created: 0
            )
            try memory.insert(SemanticEntry(id: Int64(number), content, response: ChatResponse("answer")), vector)
            #expect(memory.statistics.bytes <= options.bytes)
        }
        #expect(memory.statistics.entries > 1_000)
        memory.remove(memory.ids { _ in true })
        #expect(memory.statistics.entries == 0)
        #expect(memory.statistics.bytes == 0)
    }
}
