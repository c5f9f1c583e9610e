import LLMKit
import Testing

@Suite struct RouteTests {
    @Test func `a route keeps its reason when it is labelled or shadowed`() {
        let route = Route.to("small").because(RouteReason("rule", version: "2"))
        #expect(route.labelled("night").shadowed(by: "large").reason?.version == "2")
        #expect(route.shadowed(by: "large").labelled("night").shadows == ["large"])
    }
}
