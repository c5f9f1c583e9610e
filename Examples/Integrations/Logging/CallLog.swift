import LLMKit
import Logging

/// Writes a line for every call of a model, and for every answer from a cache.
///
/// ```swift
/// meter: .all(try Ledger(path: "calls.sqlite"), CallLog(logger))
/// ```
///
/// A meter and no tracer, because a meter is told what a call cost. The names are those of LLMKit's spans, so that one
/// search finds both: `llmkit.request.id` is the same in ledger, log and trace. Lines hold no prompt and no answer, and
/// of the caller only what is named: users are left out unless asked for, because logs are kept where ledgers are not.
public struct CallLog: CostMeter {
    private let logger: Logger
    private let level: Logger.Level
    private let namesUsers: Bool

    /// - Parameters:
    ///   - level: of calls that went well, whose reader left, or which a shutdown ended. Failed ones are warnings.
    ///   - namesUsers: whether lines hold ``Caller/user``.
    public init(_ logger: Logger, level: Logger.Level = .info, namesUsers: Bool = false) {
        self.logger = logger
        self.level = level
        self.namesUsers = namesUsers
    }

    public func record(_ charge: Charge) {
        let hasFailed = charge.errorCode.map { ![.cancelled, .shuttingDown].contains($0) } ?? false
        logger.log(
            level: hasFailed ? max(level, .warning) : level,
            charge.cache == nil ? "model call" : "answer from a cache",
            metadata: metadata(of: charge),
            source: "LLMKit"
        )
    }

    private func metadata(of charge: Charge) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "llmkit.request.id": "\(charge.requestID)",
            "llmkit.attempt.kind": "\(charge.kind.rawValue)",
            "llmkit.model": "\(charge.model)",
            "gen_ai.provider.name": "\(charge.vendor)",
            "gen_ai.usage.input_tokens": "\(charge.usage.totalInput)",
            "gen_ai.usage.output_tokens": "\(charge.usage.output)",
            "duration": "\(charge.timing.total)",
        ]
        func note(_ name: String, _ value: (some CustomStringConvertible)?) {
            metadata[name] = value.map { "\($0)" }
        }
        note("gen_ai.request.model", charge.modelAsked)
        note("llmkit.attempt.purpose", charge.purpose)
        note("llmkit.cost.usd", charge.cost?.dollars)
        note("llmkit.cache.tier", charge.cache)
        note("llmkit.route.label", charge.route)
        note("llmkit.tenant", charge.caller.tenant)
        note("llmkit.feature", charge.caller.feature)
        note("user.id", namesUsers ? charge.caller.user : nil)
        note("time_to_first_chunk", charge.timing.firstToken)
        note("llmkit.vendor.request_id", charge.vendorRequestID)
        note("error.type", charge.errorCode)
        return metadata
    }
}
