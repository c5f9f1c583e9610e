import LLMKit

extension LabelledFile {
    /// Reads a file in which the answer `oos` means that none is ever right: "out of scope".
    static func benchmark(_ path: String) throws -> LabelledFile {
        let file: LabelledFile
        do throws(LLMError) { file = try LabelledFile(path) } catch { throw UsageError(message: error.message) }
        guard case .questions(let rows) = file else { return file }
        return .questions(rows.map { (text: $0.text, answer: $0.answer == "oos" ? nil : $0.answer) })
    }

    /// Every text once, in the order in which vectors of them are stored: questions, or first all `a`, then all `b`.
    var texts: [String] {
        switch self {
        case .questions(let rows): return rows.map(\.text)
        case .pairs(let rows):
            var seen: Set<String> = []
            return (rows.map(\.a) + rows.map(\.b)).filter { seen.insert($0).inserted }
        }
    }
}
