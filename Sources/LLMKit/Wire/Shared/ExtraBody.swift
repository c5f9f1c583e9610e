extension JSONText? {
    /// Checks what an app adds to every body.
    ///
    /// A member that stands twice in a body means one thing to one server and another to the next.
    /// - Parameters:
    ///   - vendor: what the error calls the vendor.
    ///   - written: the members that requests write themselves.
    /// - Throws: ``LLMError`` with code `invalidConfiguration` if there is a text that is no JSON object, or one that
    ///   repeats a member.
    func checkExtraBody(of vendor: String, written: Set<String>) throws(LLMError) {
        guard var text = self?.description else { return }
        func mistake(_ what: String) -> LLMError {
            LLMError(.invalidConfiguration, "extraBody for \(vendor) \(what)")
        }
        var names: [String] = []
        let isObject = text.withUTF8 { bytes in
            do throws(JSONReader.Failure) {
                var json = JSONReader(bytes)
                try json.beginObject()
                while let key = try json.nextKey() {
                    names.append(key.string)
                    try json.skipValue()
                }
                return true
            } catch {
                return false
            }
        }
        guard isObject else { throw mistake("is not a JSON object") }
        var seen: Set<String> = []
        for name in names {
            guard !written.contains(name) else {
                throw mistake("repeats \"\(name)\", which requests write themselves; set it in the request or provider")
            }
            guard seen.insert(name).inserted else { throw mistake("has \"\(name)\" twice") }
        }
    }
}
