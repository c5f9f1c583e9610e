/// The ids of a conversation's tool calls, as one vendor takes them.
struct CallIDs {
    private let rule: CallIDRule
    /// How many calls had an id so far.
    private var counts: [String: Int] = [:]
    /// What stands for an id in the calls that wait for their result, the oldest first.
    private var open: [String: [String]] = [:]

    private init(_ rule: CallIDRule) { self.rule = rule }

    /// The first id that the vendor would refuse, or that two calls at once have.
    static func problem(in messages: [ChatMessage], _ rule: CallIDRule) -> RequestProblem? {
        var seen: Set<String> = []
        for (index, message) in messages.enumerated() {
            for part in message.parts {
                guard case .toolCall(let call) = part else { continue }
                guard rule.allows(call.id) else { return .callID(call.id, at: index) }
                guard seen.insert(call.id).inserted else { return .repeatedCallID(call.id, at: index) }
            }
            if message.role != .assistant, !rule.isUniqueForever { seen.removeAll(keepingCapacity: true) }
        }
        return nil
    }

    /// The same conversation, in which each call and its result have an id that is allowed, and another one than the
    /// calls beside them. Ids that were fine stay.
    static func mend(_ messages: inout [ChatMessage], _ rule: CallIDRule) {
        var ids = CallIDs(rule)
        for message in messages.indices {
            for part in messages[message].parts.indices {
                switch messages[message].parts[part] {
                case .toolCall(var call):
                    call.id = ids.call(call.id)
                    messages[message].parts[part] = .toolCall(call)
                case .toolResult(var result):
                    result.callID = ids.result(result.callID)
                    messages[message].parts[part] = .toolResult(result)
                default: break
                }
            }
        }
    }

    private mutating func call(_ id: String) -> String {
        let count = counts[id, default: 0]
        let isTaken = rule.isUniqueForever ? count > 0 : open[id]?.isEmpty == false
        counts[id] = count + 1
        let isKept = rule.allows(id) && !isTaken
        let new = isKept ? id : rule.replacement(for: id, repetition: isTaken ? count : 0)
        open[id, default: []].append(new)
        return new
    }

    private mutating func result(_ id: String) -> String {
        guard var waiting = open[id], !waiting.isEmpty else {
            return rule.allows(id) ? id : rule.replacement(for: id, repetition: 0)
        }
        let new = waiting.removeFirst()
        open[id] = waiting
        return new
    }
}
