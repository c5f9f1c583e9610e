/// The signature of a thought: by it the vendor knows its own thoughts again, and finds those that were changed on the way.
enum ThoughtSignature {
    static func of(_ text: String) -> String {
        let hash = StableHash(seed: 0x7417).combined(with: text)
        return "EqQB" + hash.hex + hash.combined(with: text.utf8.count).hex
    }
}
