import Testing

@testable import LLMKit

@Suite struct ResultCacheTests {
    private func query(_ text: String, tenant: String? = nil, user: String? = nil) -> CacheContext {
        CacheContext(ChatRequest(text, caller: Caller(tenant: tenant, user: user)))
    }

    private func answer(_ text: String) -> ChatResponse {
        var response = ChatResponse(text, usage: Usage(input: 10, output: 5))
        response.cost = Money(picodollars: 77)
        response.timing = Timing(firstToken: .seconds(1), total: .seconds(2))
        response.model = "small"
        return response
    }

    @Test func `a repeated question is answered at no cost`() throws {
        let cache = ResultCache()
        #expect(cache.lookup(query("Q")) == nil)
        cache.store(answer("A"), for: query("Q"))
        let hit = try #require(cache.lookup(query("Q")))
        #expect(hit.source == .result)
        #expect(hit.response.text == "A")
        #expect(hit.response.servedBy == .result)
        #expect(hit.response.cost == .zero)
        #expect(hit.response.usage == Usage(input: 10, output: 5))
        #expect(hit.response.model == "small")
        #expect(hit.response.timing == Timing())
        #expect(cache.statistics.hits == 1 && cache.statistics.misses == 1)
        #expect(cache.statistics.hitRate == 0.5)
    }

    @Test func `tenants never share answers`() {
        let cache = ResultCache()
        cache.store(answer("A"), for: query("Q", tenant: "a"))
        #expect(cache.lookup(query("Q", tenant: "b")) == nil)
        #expect(cache.lookup(query("Q")) == nil)
        #expect(cache.lookup(query("Q", tenant: "a", user: "other"))?.response.text == "A")
    }

    @Test func `the least recently used answers make room`() {
        let one = footprint(of: answer("0000"))
        let cache = ResultCache(bytes: one * 3)
        for number in 1...3 { cache.store(answer("000\(number)"), for: query("\(number)")) }
        _ = cache.lookup(query("1"))
        cache.store(answer("0004"), for: query("4"))
        #expect(cache.lookup(query("2")) == nil)
        for number in [1, 3, 4] { #expect(cache.lookup(query("\(number)")) != nil) }
        #expect(cache.statistics.evictions == 1)
        #expect(cache.statistics.entries == 3)
        #expect(cache.statistics.bytes <= one * 3)
    }

    private func footprint(of response: ChatResponse) -> Int {
        let cache = ResultCache()
        cache.store(response, for: query("x"))
        return cache.statistics.bytes
    }

    @Test func `an answer larger than the cache is not kept and pushes nothing out`() {
        let cache = ResultCache(bytes: 10_000)
        cache.store(answer("small"), for: query("1"))
        cache.store(answer(String(repeating: "x", count: 20_000)), for: query("2"))
        #expect(cache.lookup(query("1")) != nil)
        #expect(cache.lookup(query("2")) == nil)
        let none = ResultCache(bytes: 0)
        none.store(answer("A"), for: query("1"))
        #expect(none.statistics.entries == 0)
    }

    @Test func `answers expire to the tick`() {
        let time = SteppedTime()
        let cache = ResultCache(ttl: .seconds(60), time: time)
        cache.store(answer("A"), for: query("Q"))
        time.advance(by: .milliseconds(59_999))
        #expect(cache.lookup(query("Q")) != nil)
        time.advance(by: .milliseconds(1))
        #expect(cache.lookup(query("Q")) == nil)
        #expect(cache.statistics.expirations == 1)
        #expect(cache.statistics.entries == 0 && cache.statistics.bytes == 0)
    }

    @Test func `a newer answer replaces the older`() {
        let cache = ResultCache()
        cache.store(answer("old"), for: query("Q"))
        cache.store(answer("new"), for: query("Q"))
        #expect(cache.lookup(query("Q"))?.response.text == "new")
        #expect(cache.statistics.entries == 1)
    }

    @Test func `what may not be kept is not kept`() {
        let cache = ResultCache()
        var response = answer("half")
        response.state = .truncated
        cache.store(response, for: query("Q"))
        #expect(cache.lookup(query("Q")) == nil)
        var call = answer("")
        call.message.parts = [.toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))]
        call.finish = .toolCalls
        cache.store(call, for: query("T"))
        #expect(cache.lookup(query("T")) == nil)
        let lenient: ResultCache = .memory(storing: .toolCalls)
        lenient.store(call, for: query("T"))
        #expect(lenient.lookup(query("T"))?.response.toolCalls.count == 1)
    }

    @Test func `answers can be forgotten one by one, by tenant, by user, and all`() {
        let cache = ResultCache()
        for tenant in ["a", "b"] {
            for user in ["u", "v"] { cache.store(answer("A"), for: query(user, tenant: tenant, user: user)) }
        }
        cache.remove(query("u", tenant: "a"))
        #expect(cache.statistics.entries == 3)
        cache.removeAll(tenant: "b", user: "v")
        #expect(cache.statistics.entries == 2)
        cache.removeAll(tenant: "b")
        #expect(cache.lookup(query("v", tenant: "a")) != nil)
        #expect(cache.statistics.entries == 1)
        cache.removeAll()
        #expect(cache.statistics.entries == 0 && cache.statistics.bytes == 0)
    }

    @Test func `the table behaves like a list in order of use`() {
        var generator = SeededGenerator(seed: 5)
        let one = footprint(of: answer("0"))
        let cache = ResultCache(bytes: one * 5)
        var model: [(key: String, text: String)] = []
        for step in 0..<5000 {
            let key = "k\(Int.random(in: 0..<9, using: &generator))"
            switch Int.random(in: 0..<4, using: &generator) {
            case 0, 1:
                let text = "\(step % 10)"
                cache.store(answer(text), for: query(key))
                model.removeAll { $0.key == key }
                model.append((key, text))
                if model.count > 5 { model.removeFirst() }
            case 2:
                let found = model.firstIndex { $0.key == key }
                #expect(cache.lookup(query(key))?.response.text == found.map { model[$0].text })
                if let found { model.append(model.remove(at: found)) }
            default:
                cache.remove(query(key))
                model.removeAll { $0.key == key }
            }
            #expect(cache.statistics.entries == model.count)
            #expect(cache.statistics.bytes == model.count * one)
        }
    }

    @Test func `many threads share one cache`() async {
        let cache = ResultCache(bytes: 100_000)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for step in 0..<500 {
                        let query = query("\((task + step) % 50)")
                        if let hit = cache.lookup(query) {
                            #expect(hit.response.text == query.request.prompt)
                        } else {
                            cache.store(answer(query.request.prompt), for: query)
                        }
                    }
                }
            }
        }
        #expect(cache.statistics.hits + cache.statistics.misses == 4000)
    }
}
