import Hummingbird
import LLMKit

extension Request {
    /// For whom a request is answered.
    ///
    /// The headers stand for what a server of yours knows from its own sign-in: who can set them can be anybody.
    func caller(for feature: String) -> Caller {
        Caller(
            tenant: value("x-tenant"),
            user: value("x-user"),
            feature: feature,
            tags: ["plan": value("x-plan") ?? "free"]
        )
    }

    private func value(_ name: String) -> String? { headers.first { $0.name.canonicalName == name }?.value }
}
