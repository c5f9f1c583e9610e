import LLMKit
import Testing

@testable import SimulatedVendors

@Suite struct `Other addresses of simulated vendors`: VendorTrial {
    private func get(_ path: String, _ format: SimulatedVendor.WireFormat) -> HTTPReply {
        var request = request(format, question: "?")
        (request.method, request.path, request.body) = ("GET", path, [])
        return SimulatedVendor(format).reply(to: request)
    }

    @Test(arguments: SimulatedVendor.WireFormat.allCases)
    func `the models are listed`(format: SimulatedVendor.WireFormat) throws {
        let ids = try json(get("/v1/models?limit=100", format))["data"]?.elements?.compactMap { $0["id"]?.text }
        #expect(ids == SimulatedVendor(format).models)
        var request = request(format, question: "?")
        request.path = "/v1/models"
        #expect(SimulatedVendor(format).reply(to: request).status == 405)
        request.path = "/v1/nowhere"
        #expect(SimulatedVendor(format).reply(to: request).status == 404)
    }

    @Test(arguments: SimulatedVendor.WireFormat.allCases)
    func `one model is told as it stands in the list`(format: SimulatedVendor.WireFormat) throws {
        let list = try #require(try json(get("/v1/models", format))["data"]?.elements)
        for model in list {
            let id = try #require(model["id"]?.text)
            #expect(try json(get("/v1/models/\(id)", format)) == model)
        }
        let unknown = get("/v1/models/none", format)
        #expect(unknown.status == 404)
        #expect(try json(unknown)["error"]?["type"]?.text != nil)
    }

    @Test func `Anthropic's list comes in pages, forwards and backwards`() throws {
        let ids = SimulatedVendor(.anthropic).models
        let first = try json(get("/v1/models?limit=1", .anthropic))
        #expect(first["has_more"] == true)
        #expect(first["last_id"]?.text == ids.first)
        let second = try json(get("/v1/models?limit=1&after_id=\(ids[0])", .anthropic))
        #expect(second["has_more"] == false)
        #expect(second["first_id"]?.text == ids.last)
        let before = try json(get("/v1/models?before_id=\(ids[1])", .anthropic))
        #expect(before["data"]?.elements?.compactMap { $0["id"]?.text } == [ids[0]])
        let end = try json(get("/v1/models?after_id=\(ids[1])", .anthropic))
        #expect(end["data"]?.elements?.isEmpty == true)
        #expect(end["last_id"] == .null)
        for query in ["limit=0", "limit=x", "after_id=none", "before_id=none"] {
            #expect(get("/v1/models?\(query)", .anthropic).status == 400)
        }
    }

    @Test func `every request to Anthropic names the API's version`() {
        var request = request(.anthropic, question: "?")
        request.headers["anthropic-version"] = "1999-01-01"
        #expect(SimulatedVendor(.anthropic).reply(to: request).status == 400)
        request.headers["anthropic-version"] = nil
        #expect(SimulatedVendor(.anthropic).reply(to: request).status == 400)
        (request.method, request.path, request.body) = ("GET", "/v1/models", [])
        #expect(SimulatedVendor(.anthropic).reply(to: request).status == 400)
    }

    @Test func `counted tokens are those of the answer's bill`() throws {
        let vendor = SimulatedVendor(.anthropic)
        var count = request(.anthropic, question: "Are dogs welcome?", more: ["max_tokens": .null])
        count.path = "/v1/messages/count_tokens"
        let counted = try json(vendor.reply(to: count))["input_tokens"]?.int
        let billed = try usage(vendor.reply(to: request(.anthropic, question: "Are dogs welcome?")))
        #expect(counted == billed["input_tokens"]?.int)
        #expect(counted ?? 0 > 10)
    }
}
