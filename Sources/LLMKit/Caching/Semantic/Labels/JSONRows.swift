import PortableFoundation

/// Files of one JSON document a line.
enum JSONRows {
    static func read<Row: Decodable>(_ path: String, as type: Row.Type = Row.self) throws(LLMError) -> [Row] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LLMError(.storage, "\(path) cannot be read")
        }
        let decoder = decoder()
        var rows: [Row] = []
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            do { rows.append(try decoder.decode(Row.self, from: line)) } catch {
                // A process that was killed may have left half a line at the end.
                if number == lines.count - 1, line.first == UInt8(ascii: "{") { break }
                throw LLMError(.storage, "\(path):\(number + 1): is not of the expected form: \(Self.words(of: error))")
            }
        }
        return rows
    }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        decoder.nonConformingFloatDecodingStrategy =
            .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }

    /// Adds rows at the end, of one type only.
    ///
    /// Half a line that a killed process or a full disk has left there goes first: with the next one behind it, it would be
    /// a damaged line in the middle, and the file could not be read any more.
    static func append<Row: Codable>(_ rows: [Row], to path: String) throws(LLMError) {
        var bytes: [UInt8] = []
        for row in rows { bytes += try line(row, path: path) }
        var file = try PrivateFile(appendingTo: path)
        let tail = try file.unfinishedLine()
        if !tail.isEmpty {
            if (try? decoder().decode(Row.self, from: Data(tail))) != nil {
                bytes.insert(UInt8(ascii: "\n"), at: 0)
            } else {
                try file.cut(to: file.size - tail.count)
            }
        }
        try file.append(bytes)
    }

    private static func line(_ row: some Encodable, path: String) throws(LLMError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        // What nothing would reach has a threshold without bound.
        encoder.nonConformingFloatEncodingStrategy =
            .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return try Array(encoder.encode(row)) + [UInt8(ascii: "\n")] } catch {
            throw LLMError(.storage, "\(path): a row cannot be written as JSON", cause: error)
        }
    }

    private static func words(of error: any Error) -> String {
        guard let place = (error as? DecodingError)?.place else { return "\(error)" }
        return place.path.isEmpty ? place.reason : "'\(place.path)': \(place.reason)"
    }
}
