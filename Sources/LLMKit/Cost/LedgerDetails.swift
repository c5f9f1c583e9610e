import PortableFoundation

/// What of a row has parts of its own, as JSON texts: why a route was chosen, and what a confidence is made of.
enum LedgerDetails {
    static func json(_ reason: RouteReason) -> String {
        var json = JSONWriter(capacity: 96)
        json.object { json in
            json.key("policy")
            json.string(reason.policy)
            if let version = reason.version {
                json.key("version")
                json.string(version)
            }
            if let propensity = reason.propensity, propensity.isFinite {
                json.key("propensity")
                json.double(propensity)
            }
            let scores = reason.scores.filter(\.value.isFinite).sorted { $0.key < $1.key }
            if !scores.isEmpty {
                json.key("scores")
                json.object { json in
                    for (model, score) in scores {
                        json.key(model.description)
                        json.double(score)
                    }
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// `nil` for a confidence without parts: its value has a column of its own.
    static func json(_ judgement: Confidence) -> String? {
        if judgement.parts.isEmpty, judgement.failures.isEmpty { return nil }
        var json = JSONWriter(capacity: 96)
        json.object { json in
            json.key("parts")
            json.object { json in
                for (part, value) in judgement.parts.filter(\.value.isFinite).sorted(by: { $0.key < $1.key }) {
                    json.key(part)
                    json.double(value)
                }
            }
            json.key("failures")
            json.object { json in
                for (part, error) in judgement.failures.sorted(by: { $0.key < $1.key }) {
                    json.key(part)
                    json.string(error.code.description)
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    // What somebody else has written into a column is not ours to judge: what can be read counts.

    static func reason(_ text: String) -> RouteReason? {
        guard let stored = try? JSONDecoder().decode(StoredReason.self, from: Data(text.utf8)) else { return nil }
        let scores = (stored.scores ?? [:]).map { (ModelName($0.key), $0.value) }
        return RouteReason(
            stored.policy,
            version: stored.version,
            scores: Dictionary(uniqueKeysWithValues: scores),
            propensity: stored.propensity
        )
    }

    static func judgement(_ text: String?, value: Double?) -> Confidence? {
        guard let text else { return value.map { Confidence($0) } }
        let stored = try? JSONDecoder().decode(StoredJudgement.self, from: Data(text.utf8))
        let failures = (stored?.failures ?? [:]).mapValues { LLMError(LLMError.Code($0)) }
        return Confidence(value, parts: stored?.parts ?? [:], failures: failures)
    }

    private struct StoredReason: Decodable {
        var policy: String
        var version: String?
        var scores: [String: Double]?
        var propensity: Double?
    }

    private struct StoredJudgement: Decodable {
        var parts: [String: Double]?
        var failures: [String: String]?
    }
}
