import LLMKitTesting
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct DrainTests {
    @Test func `a reader that waits for the next event gets the shutdown's error`() async throws {
        let mock = MockProvider(script: [.events([.text("For")], ending: .hang)])
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock) }
        let outer = try Pipeline(router: .to("inner")) { ChatModel("inner", pipeline) }
        let stream = try await outer.stream("6 x 7?")
        var reader = stream.makeAsyncIterator()
        #expect(try await reader.next() == .text("For"))
        let rest = Task {
            var reader = stream.makeAsyncIterator()
            return try await reader.next()
        }
        // Whether it waits already makes no difference.
        for _ in 0..<100 { await Task.yield() }
        await outer.shutdown(upTo: .seconds(5))
        let error = await #expect(throws: LLMError.self) { try await rest.value }
        #expect(error?.code == .shuttingDown)
    }

    @Test func `a drain refuses requests that bring a scope of their own`() async throws {
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", MockProvider("42")) }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        for scope in [RequestScope(), RequestScope { _, _, _ in ChatResponse("x") }] {
            var scoped: ChatRequest = "6 x 7?"
            scoped.scope = scope
            let request = scoped
            let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: request) }
            #expect(error?.code == .shuttingDown)
        }
    }

    @Test func `a drain waits for the shadow of a nested pipeline, and a shutdown books it for good`() async throws {
        let (meter, gate) = (InMemoryCostMeter(), Gate())
        let slow = MockProvider { _, _ in
            await gate.wait()
            return .answer("late")
        }
        let inner = try Pipeline(router: .fixed(.to("m").shadowed(by: "s"))) {
            ChatModel("m", MockProvider("42"))
            ChatModel("s", slow)
        }
        let outer = try Pipeline(router: .to("inner"), meter: meter) { ChatModel("inner", inner) }
        _ = try await outer.respond(to: "6 x 7?")
        while slow.running == 0 { await Task.yield() }
        #expect(await outer.drain(upTo: .milliseconds(1)) == false)
        await outer.shutdown(upTo: .milliseconds(1))
        let rows = meter.charges
        gate.open()
        await inner.drain(upTo: .seconds(300))
        #expect(rows.map(\.kind) == [.answer, .shadow])
        #expect(meter.charges.count == rows.count)
    }

    @Test func `nothing of a request lives on when it is over`() async throws {
        let seen = Log<WeakReference>()
        let inner = try Pipeline(router: .cascade("a", "b", threshold: 0.5), confidence: .selfReport()) {
            ChatModel("a", MockProvider("42"))
            ChatModel("b", MockProvider("42").retrying().concurrencyLimit(2))
        }
        let pipeline = try Pipeline(router: Watching(seen: seen), caches: [.memory()]) {
            ChatModel("inner", inner)
            ChatModel("shadow", MockProvider("42"))
        }
        _ = try await pipeline.respond(to: "one")
        _ = try await pipeline.stream("two").collect()
        for try await _ in try await pipeline.stream("three") { break }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        // The last task lets go a moment after it is counted as done.
        while !seen.entries.allSatisfy(\.isGone) { await Task.yield() }
        #expect(seen.entries.count == 6)
    }
}

/// Notes the scope of every request, and what stands behind it.
private struct Watching: Router {
    let seen: Log<WeakReference>
    func route(_ request: ChatRequest, in context: RoutingContext) -> Route {
        seen.append(WeakReference(context.scope))
        seen.append(WeakReference(context.scope.host))
        return Route.to("inner").shadowed(by: "shadow")
    }
}

private final class WeakReference: Sendable {
    nonisolated(unsafe) private weak var object: AnyObject?
    init(_ object: AnyObject?) { self.object = object }
    var isGone: Bool { object == nil }
}
