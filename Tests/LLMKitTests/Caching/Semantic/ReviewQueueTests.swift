import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct ReviewQueueTests {
    private let scratch: ScratchDirectory
    private let path: String

    init() throws {
        scratch = try ScratchDirectory()
        path = scratch.file("review.jsonl")
    }

    private static let boil: ChatRequest = "At what temperature does water boil?"
    private static let rephrased: ChatRequest = "At which temperature will water boil?"

    private func fixture(_ queue: ReviewQueue) throws -> SemanticFixture {
        try SemanticFixture { options in
            options.mode = .shadow
            options.review = queue
        }
    }

    @Test func `what shadow mode has checked can be judged, and calibrates`() async throws {
        let queue = try ReviewQueue(path: path)
        let fixture = try fixture(queue)
        let pipeline = try fixture.pipeline()
        for _ in 0..<2 {
            for request in [Self.boil, Self.rephrased] { _ = try await pipeline.respond(to: request) }
        }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        await queue.flush()
        var file = try ReviewFile(path)
        // Each pair once, and none of those in the very same words, which shadow mode checks, too.
        #expect(file.candidates.allSatisfy { $0.asked != $0.remembered })
        let candidate = try #require(
            file.open.first {
                $0.asked == "At which temperature will water boil?"
                    && $0.remembered == "At what temperature does water boil?"
            }
        )
        #expect(candidate.answer == "a hundred degrees")
        #expect(candidate.judged == true)
        #expect(Set(file.candidates.map { "\($0.asked ?? "")|\($0.remembered)" }).count == file.candidates.count)
        let count = file.open.count
        try file.judge(candidate, isRight: false)
        #expect(file.open.count == count - 1)
        #expect(file.samples.map(\.wasRight) == [false])
        #expect(file.samples.first?.neighbours == 5)
        // It is in the file, until it is taken back.
        #expect(try ReviewFile(path).verdict(on: candidate) == false)
        try file.judge(candidate, isRight: nil)
        #expect(try ReviewFile(path).open.count == count)
        #expect(try scratch.mode("review.jsonl") == 0o600)
        #expect(try scratch.mode("review.jsonl.verdicts") == 0o600)
    }

    @Test func `what a user said of a hit counts as a verdict`() async throws {
        let queue = try ReviewQueue(path: path)
        let fixture = try SemanticFixture { $0.review = queue }
        try await fixture.store("a hundred", Self.boil)
        let hit = try #require(try await fixture.cache.lookup(CacheContext(Self.rephrased)))
        try await fixture.cache.report(try #require(hit.match), wasRight: false)
        await queue.flush()
        let file = try ReviewFile(path)
        #expect(file.open.isEmpty)
        #expect(file.samples.map(\.wasRight) == [false])
    }

    @Test func `nothing is written beyond the limit, and what was dropped is counted`() async throws {
        let queue = try ReviewQueue(path: path, limit: 1)
        let fixture = try fixture(queue)
        let pipeline = try fixture.pipeline()
        for request in [Self.boil, Self.rephrased, "How hot must water be to boil?"] {
            _ = try await pipeline.respond(to: request)
        }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        await queue.flush()
        #expect(try ReviewFile(path).candidates.count == 1)
        #expect(queue.dropped == 1)
        // After a restart, too.
        #expect(try ReviewQueue(path: path, limit: 1).dropped == 0)
    }

    @Test func `a tenant that is forgotten is forgotten here, too`() async throws {
        let queue = try ReviewQueue(path: path)
        let fixture = try fixture(queue)
        let pipeline = try fixture.pipeline()
        for tenant in ["A", "B"] {
            for var request in [Self.boil, Self.rephrased] {
                request.caller.tenant = tenant
                _ = try await pipeline.respond(to: request)
            }
        }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        await queue.flush()
        var file = try ReviewFile(path)
        for candidate in file.open { try file.judge(candidate, isRight: true) }
        try await fixture.cache.removeAll(tenant: "A")
        let left = try ReviewFile(path)
        #expect(Set(left.candidates.map(\.tenant)) == ["B"])
        #expect(left.samples.count == left.candidates.count)
        #expect(try ReviewFile.verdicts(of: path).count == left.candidates.count)
    }

    @Test func `half a line that a killed process left is passed over, and a damaged one told`() async throws {
        let queue = try ReviewQueue(path: path)
        let fixture = try fixture(queue)
        let pipeline = try fixture.pipeline()
        for request in [Self.boil, Self.rephrased] { _ = try await pipeline.respond(to: request) }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        await queue.flush()
        let good = try String(contentsOfFile: path, encoding: .utf8)
        try (good + good.prefix(40)).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try ReviewFile(path).candidates.count == 1)
        try (good.prefix(40) + "\n" + good).write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: LLMError.self) { try ReviewFile(path) }
        #expect(error?.message.contains("\(path):1:") == true)
    }

    @Test func `a file of something else is no review file`() throws {
        let path = scratch.file("faq.json")
        try "[{\"question\": \"?\"}]".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: LLMError.self) { try ReviewQueue(path: path) }
    }

    @Test(arguments: [
        ("mail me at jo.doe@example.org, please", "mail me at [e-mail] please"),
        ("card 4111 1111-1111 1111 of 2026", "card [number] of 2026"),
        ("key sk-proj-abcdefghij0123456789 and 12,345", "key [key] and 12,345"),
        ("a short one, hf_abcdefgh, too", "a short one, [key] too"),
        ("nothing to hide: 24/7, 3.14", "nothing to hide: 24/7, 3.14"),
    ])
    func `the standard mask takes out addresses, numbers and keys`(text: String, expected: String) {
        #expect(TextMask.standard(text) == expected)
        #expect(TextMask.none(text) == text)
    }

    private func match(
        _ asked: String?,
        remembered: String = "q",
        score: Double = 0.8,
        threshold: Double = 0.5
    ) -> ReviewQueue.Match {
        let content = SemanticEntry.Content(
            partition: Fingerprint(of: "p"),
            question: remembered,
            answer: 1,
            created: 0
        )
        let entry = SemanticEntry(id: 1, content, response: ChatResponse("a"))
        let found = SyntheticTraffic.neighbourhood(score: score)
        let decision = HitDecision.check(0, score: score, threshold: threshold)
        let trial = HitTrial(found: found, decision: decision, wasRight: true)
        var match = ReviewQueue.Match(trial, of: entry, neighbours: 1)
        match.asked = asked
        return match
    }

    @Test(arguments: [
        ("When do you open?", "when do  you open", false), ("When do you open?", "When will you open?", true),
        // Case means something to a shell, and digits to a mask.
        ("what does tar -v do", "what does tar -V do", true), ("pay 1234567", "pay 7654321", true),
    ])
    func `the same question once more waits for nobody's verdict`(
        asked: String,
        remembered: String,
        isQueued: Bool
    ) async throws {
        let queue = try ReviewQueue(path: path)
        queue.add(match(asked, remembered: remembered))
        await queue.flush()
        #expect(try ReviewFile(path).open.count == (isQueued ? 1 : 0))
    }

    @Test func `the same question in a file of an older version is neither shown nor counted`() async throws {
        let queue = try ReviewQueue(path: path)
        for asked in ["When will you open?", "Pay [number]"] { queue.add(match(asked, remembered: "q", score: 1)) }
        await queue.flush()
        // The older version would have written those of the same words, and what a mask has made the same.
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let older = text.split(separator: "\n").map { line in
            let asked = line.contains("[number]") ? "Pay [number]" : "When will you open?"
            return line.replacing("\"remembered\":\"q\"", with: "\"remembered\":\"\(asked)\"")
        }
        try older.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        var file = try ReviewFile(path)
        #expect(file.candidates.map { $0.asked == $0.remembered } == [true, true])
        #expect(file.open.map(\.asked) == ["Pay [number]"])
        for candidate in file.candidates { try file.judge(candidate, isRight: true) }
        #expect(file.judged.count == 1 && file.samples.count == 1)
    }

    @Test func `what comes to a full file is counted each time, and not remembered`() async throws {
        let queue = try ReviewQueue(path: path, limit: 1)
        for number in [0, 1, 2, 1, 2] { queue.add(match("question \(number)")) }
        await queue.flush()
        #expect(queue.dropped == 4)
    }

    @Test func `a match that nothing would have served is written, too`() async throws {
        let queue = try ReviewQueue(path: path)
        queue.add(match("question", threshold: .infinity))
        await queue.flush()
        #expect(queue.lastError == nil)
        #expect(try ReviewFile(path).candidates.map(\.threshold) == [.infinity])
    }

    @Test func `the file goes on after half a line that a killed process left`() async throws {
        for tail in ["{\"id\": \"x\", \"as", "", "\n"] {
            try? FileManager.default.removeItem(atPath: path)
            var queue = try ReviewQueue(path: path)
            queue.add(match("first"))
            await queue.flush()
            // The end of the line is lost with the last of these.
            var text = try String(contentsOfFile: path, encoding: .utf8)
            if tail.isEmpty { text.removeLast() }
            try (text + tail).write(toFile: path, atomically: true, encoding: .utf8)
            queue = try ReviewQueue(path: path)
            for asked in ["second", "third"] { queue.add(match(asked)) }
            await queue.flush()
            #expect(try ReviewFile(path).candidates.map(\.asked) == ["first", "second", "third"])
        }
    }

    @Test func `whoever asked is forgotten with the question, though another's was remembered`() async throws {
        let queue = try ReviewQueue(path: path)
        let fixture = try fixture(queue)
        let pipeline = try fixture.pipeline()
        for (user, var request) in [("alice", Self.boil), ("bob", Self.rephrased)] {
            request.caller = Caller(tenant: "A", user: user)
            _ = try await pipeline.respond(to: request)
        }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        await queue.flush()
        #expect(try ReviewFile(path).candidates.count == 1)
        try await fixture.cache.removeAll(tenant: "A", user: "bob")
        #expect(try ReviewFile(path).candidates.isEmpty)
    }

    /// Comes to a verdict when it is let.
    private struct LateJudge: AnswerJudge {
        let gate: Gate
        func agree(
            _ fresh: ChatResponse,
            _ remembered: ChatResponse,
            on request: ChatRequest,
            in scope: RequestScope
        ) async -> Bool? {
            await gate.wait()
            return true
        }
    }

    @Test func `a verdict that comes after its tenant was forgotten is not written`() async throws {
        let (queue, gate) = (try ReviewQueue(path: path), Gate())
        let fixture = try SemanticFixture { options in
            options.mode = .shadow
            options.review = queue
            options.judge = LateJudge(gate: gate)
        }
        let pipeline = try fixture.pipeline()
        for var request in [Self.boil, Self.rephrased] {
            request.caller.tenant = "A"
            _ = try await pipeline.respond(to: request)
        }
        try await fixture.cache.removeAll(tenant: "A")
        gate.open()
        #expect(await pipeline.drain(upTo: .seconds(300)))
        await queue.flush()
        #expect(try ReviewFile(path).candidates.isEmpty)
    }

    @Test func `what another process forgets is forgotten here, too`() async throws {
        let queue = try ReviewQueue(path: path)
        let file = scratch.file("semantic.sqlite")
        let one = try SemanticFixture(path: file) { options in
            options.mode = .shadow
            options.review = queue
        }
        let other = try SemanticFixture(path: file)
        let pipeline = try one.pipeline()
        for var request in [Self.boil, Self.rephrased] {
            request.caller.tenant = "A"
            _ = try await pipeline.respond(to: request)
        }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        await queue.flush()
        #expect(try !ReviewFile(path).candidates.isEmpty)
        try await other.cache.removeAll(tenant: "A")
        try await one.cache.refresh()
        await queue.flush()
        #expect(try ReviewFile(path).candidates.isEmpty)
    }

    @Test func `all can be forgotten where the file is damaged, or gone`() async throws {
        let queue = try ReviewQueue(path: path)
        let fixture = try fixture(queue)
        try "no JSON\n{}\n".write(toFile: path, atomically: true, encoding: .utf8)
        try await fixture.cache.removeAll()
        #expect(try ReviewFile(path).candidates.isEmpty)
        try FileManager.default.removeItem(atPath: path)
        try await fixture.cache.removeAll()
        try await fixture.cache.removeAll(tenant: "A")
    }

    @Test func `whoever stops early has judged a fair sample`() async throws {
        let queue = try ReviewQueue(path: path)
        for number in 0..<2000 {
            // Where the judge disagrees with the policy, and near the threshold, the outcome is another than elsewhere.
            var match = match("question \(number)", score: number % 4 == 0 ? 0.5 : 0.8, threshold: 0.6)
            match.judged = true
            queue.add(match)
        }
        await queue.flush()
        let shown = try ReviewFile(path).open.prefix(500)
        let share = Double(shown.count { $0.score < 0.6 }) / 500
        #expect(abs(share - 0.25) < 0.08)
    }
}
