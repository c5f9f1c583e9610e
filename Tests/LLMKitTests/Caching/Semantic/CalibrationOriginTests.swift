import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

/// Whose vectors a calibration was fitted with, and who may use it.
@Suite(.timeLimit(.minutes(5))) struct CalibrationOriginTests {
    private let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    private static let plane = PlaneEmbedder.info.origin
    private static let other = EmbedderInfo(identity: "other", dimensions: 64, maxTokens: 1000)

    /// Pairs of which the nearer are right.
    private func pairs(_ count: Int = 400, of vectors: VectorOrigin? = nil) -> [CalibrationSample] {
        var generator = SeededGenerator(seed: 7)
        return (0..<count).map { _ in
            let similarity = generator.unit()
            var sample = CalibrationSample(similarity: similarity, overlap: similarity, isSame: similarity > 0.3)
            sample.vectors = vectors
            return sample
        }
    }

    private func fitted(_ samples: [CalibrationSample], embedder: EmbedderInfo? = nil) throws -> Calibration {
        try Calibration.fit(samples, goal: .init(wrongShare: 0.05), embedder: embedder)
    }

    @Test func `a calibration knows the embedder of its samples, or the one that it is told`() throws {
        #expect(try fitted(pairs(of: Self.plane)).vectors == Self.plane)
        #expect(try fitted(pairs(), embedder: PlaneEmbedder.info).vectors == Self.plane)
        let unknown = try fitted(pairs())
        #expect(unknown.vectors == nil)
        let json = try JSONEncoder().encode(fitted(pairs(of: Self.plane)))
        #expect(try JSONDecoder().decode(Calibration.self, from: json).vectors == Self.plane)
        // As older versions have written it.
        #expect(try !String(decoding: JSONEncoder().encode(unknown), as: UTF8.self).contains("vectors"))
    }

    @Test func `samples of two embedders make no calibration, nor do those of another than is claimed`() throws {
        let error = #expect(throws: LLMError.self) {
            try fitted(pairs(of: Self.plane) + pairs(of: Self.other.origin))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("'plane'") == true && error?.message.contains("'other'") == true)
        #expect(throws: LLMError.self) { try fitted(pairs(of: Self.plane), embedder: Self.other) }
    }

    @Test func `files say whose vectors were compared`() async throws {
        let path = scratch.file("a.csv")
        try "question,answer\na,x\nb,x\n".write(toFile: path, atomically: true, encoding: .utf8)
        let embedder = HashedNGramEmbedder()
        let read = try await LabelledQuestions(contentsOf: path, embedder: embedder)
        #expect(Set(read.samples().map(\.vectors)) == [embedder.info.origin])
        try "a,b,same\nx,y,yes\n".write(toFile: path, atomically: true, encoding: .utf8)
        let samples = try await CalibrationSample.samples(ofPairsIn: path, embedder: embedder)
        #expect(samples.map(\.vectors) == [embedder.info.origin])
    }

    @Test func `a cache with another embedder is refused, with both names and what to do`() throws {
        let calibration = try fitted(pairs(of: Self.plane))
        for policy: BuiltInPolicy in [
            .calibrated(calibration), .adaptive(errorBound: 0.02, calibration: calibration),
        ] {
            let wrong = try SemanticCache(PlaneEmbedder([:], info: Self.other), policy: policy)
            let error = #expect(throws: LLMError.self) {
                try Pipeline(router: .to("m"), caches: [wrong]) { ChatModel("m", MockProvider("a")) }
            }
            #expect(error?.code == .invalidConfiguration)
            let message = try #require(error?.message)
            #expect(message.contains("'plane' (64 numbers)") && message.contains("'other' (64 numbers)"))
            #expect(message.contains("fit it anew"))
            try SemanticCache(PlaneEmbedder([:]), policy: policy).validate()
        }
    }

    @Test func `a calibration that does not know is taken, and told once`() async throws {
        let notices = InMemoryDiagnostics()
        let cache = try SemanticCache(PlaneEmbedder([:]), policy: .calibrated(fitted(pairs())))
        let pipeline = try Pipeline(router: .to("m"), caches: [cache], diagnostics: notices.diagnostics) {
            ChatModel("m", MockProvider("a"), price: .free)
        }
        for number in 0..<3 { _ = try await pipeline.respond(to: ChatRequest("question \(number)")) }
        #expect(notices.notices(about: "cache").count == 1)
        #expect(notices.notices(about: "cache").first?.message.contains("'plane'") == true)
    }

    @Test func `what an adaptive policy believes of an embedder is nothing to be told`() throws {
        #expect(!BuiltInPolicy.adaptive(errorBound: 0.02).restsOnUnknownVectors)
        let unknown = try fitted(pairs())
        #expect(!BuiltInPolicy.adaptive(errorBound: 0.02, calibration: unknown).restsOnUnknownVectors)
        #expect(BuiltInPolicy.calibrated(unknown).restsOnUnknownVectors)
    }

    @Test func `trials and reviews say it, over files and versions`() async throws {
        let ledger = try Ledger(path: scratch.file("ledger"))
        let queue = try ReviewQueue(path: scratch.file("review.jsonl"))
        let fixture = try SemanticFixture { options in
            options.mode = .shadow
            options.review = queue
        }
        var pipeline = try fixture.pipeline()
        pipeline.meter = ledger
        let assembled = pipeline
        for question: ChatRequest in ["At what temperature does water boil?", "At which temperature will water boil?"] {
            _ = try await assembled.respond(to: question)
        }
        #expect(await assembled.drain(upTo: .seconds(300)))
        await queue.flush()
        let trials = try await ledger.trials()
        #expect(trials.map(\.vectors) == [Self.plane])
        #expect(CalibrationSample.samples(of: trials, neighbours: 5).map(\.vectors) == [Self.plane])
        var file = try ReviewFile(queue.path)
        for candidate in file.open { try file.judge(candidate, isRight: true) }
        #expect(file.samples.map(\.vectors) == [Self.plane])
        // A row, and a line, that an older version has written.
        try await ledger.write { db throws(LLMError) in
            try db.execute("UPDATE cache_trials SET embedder = NULL, dimensions = NULL")
        }
        #expect(try await ledger.trials().map(\.vectors) == [nil])
    }
}
