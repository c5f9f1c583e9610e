import Foundation

/// A file of questions of which is known which may share an answer: JSON lines, either `q` and `intent`, or `a`, `b` and
/// `label`.
enum LabelledFile {
    /// Questions with the name of their answer; `nil` where no remembered answer is ever right.
    case intents([(text: String, intent: String?)])
    /// Pairs of questions, and whether one answer does for both.
    case pairs([(a: String, b: String, isSame: Bool)])

    private struct Line: Decodable {
        var q: String?
        var intent: String?
        var a: String?
        var b: String?
        var label: Int?
    }

    /// The intent that stands for "out of scope".
    private static let outOfScope = "oos"

    init(_ path: String) throws {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw UsageError(message: "\(path): cannot be read")
        }
        let decoder = JSONDecoder()
        var intents: [(text: String, intent: String?)] = []
        var pairs: [(a: String, b: String, isSame: Bool)] = []
        for (number, bytes) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let line = try? decoder.decode(Line.self, from: bytes) else {
                throw UsageError(message: "\(path):\(number + 1): is no JSON object of the expected kind")
            }
            if let text = line.q, let intent = line.intent {
                intents.append((text, intent == Self.outOfScope ? nil : intent))
            } else if let a = line.a, let b = line.b, let label = line.label {
                pairs.append((a, b, label == 1))
            } else {
                throw UsageError(message: "\(path):\(number + 1): has neither q and intent, nor a, b and label")
            }
        }
        guard intents.isEmpty != pairs.isEmpty else {
            throw UsageError(message: "\(path): must hold either intents or pairs, and at least one")
        }
        self = pairs.isEmpty ? .intents(intents) : .pairs(pairs)
    }

    /// Every text once, in the order in which vectors of them are stored: questions, or first all `a`, then all `b`.
    var texts: [String] {
        switch self {
        case .intents(let rows): return rows.map(\.text)
        case .pairs(let rows):
            var seen: Set<String> = []
            return (rows.map(\.a) + rows.map(\.b)).filter { seen.insert($0).inserted }
        }
    }
}
