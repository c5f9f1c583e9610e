extension String {
    /// The JSON object that stands inside of a JSON string, for servers that encode twice; `nil` for anything else.
    var documentInQuotes: String? {
        guard utf8.first == UInt8(ascii: "\"") else { return nil }
        var copy = self
        return copy.withUTF8 { bytes in
            var json = JSONReader(bytes)
            do throws(JSONReader.Failure) {
                let inner = try json.string()
                try json.expectEnd()
                guard inner.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
                return (try? JSONText(inner)) == nil ? nil : inner
            } catch {
                return nil
            }
        }
    }
}
