extension CalibrationSample {
    /// What a file, or a ledger, calls what samples were made of, so that errors speak of what their reader has before him.
    package enum Unit: String, Hashable, Sendable, Codable {
        case question, pair, check, verdict
    }

    /// Where samples come from.
    struct Origin {
        /// Whose vectors they were made of; `nil` where not all of them say.
        let vectors: VectorOrigin?
        /// What each of them is, such as "question"; "sample" where they are of several kinds.
        let unit: String

        /// - Parameter claimed: whose vectors somebody says they are.
        /// - Throws: ``LLMError`` with code `invalid_configuration` if they are of several embedders.
        init(_ samples: [CalibrationSample], claimed: VectorOrigin?) throws(LLMError) {
            let units = Set(samples.map(\.unit))
            unit = units.count == 1 ? (units.first ?? nil)?.rawValue ?? "sample" : "sample"
            var vectors = claimed
            for case let own? in samples.lazy.map(\.vectors) where own != vectors {
                if let vectors {
                    throw LLMError(
                        .invalidConfiguration,
                        "Calibration: the \(unit)s are of two embedders, \(vectors) and \(own), whose cosines do not mix: leave those of one of them out"
                    )
                }
                vectors = own
            }
            // One that does not say may be of another one's: nothing is claimed for it but by who knows.
            let isSilent = claimed == nil && samples.contains { $0.vectors == nil }
            self.vectors = isSilent ? nil : vectors
        }

        /// As in "1 question", "7 questions".
        func count(_ number: Int) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
    }
}
