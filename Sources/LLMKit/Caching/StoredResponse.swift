import PortableFoundation

/// The JSON in which caches keep answers in files.
enum StoredResponse {
    static func encode(_ response: ChatResponse) throws -> [UInt8] {
        let encoder = JSONEncoder()
        // An impossible token has a log-probability of minus infinity, for which JSON has no number.
        encoder.nonConformingFloatEncodingStrategy =
            .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return Array(try encoder.encode(response))
    }

    static func decode(_ json: [UInt8]) throws -> ChatResponse {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy =
            .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(ChatResponse.self, from: Data(json))
    }
}
