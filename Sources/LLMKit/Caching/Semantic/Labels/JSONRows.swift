import PortableFoundation

/// Files of one JSON document a line.
enum JSONRows {
    static func read<Row: Decodable>(_ path: String, as type: Row.Type = Row.self) throws(LLMError) -> [Row] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LLMError(.storage, "\(path) cannot be read")
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        var rows: [Row] = []
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            do { rows.append(try decoder.decode(Row.self, from: line)) } catch {
                // A process that was killed may have left half a line at the end.
                if number == lines.count - 1 { break }
                throw LLMError(.storage, "\(path):\(number + 1): is not of the expected form: \(Self.words(of: error))")
            }
        }
        return rows
    }

    static func line(_ row: some Encodable, path: String) throws(LLMError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
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
