/// Sends a key in a header, as nearly every vendor wants it.
package struct KeySigner: RequestSigner {
    /// Which header holds the key, and how.
    package enum Placement: Hashable, Sendable {
        /// `Authorization: Bearer …` (RFC 6750).
        case bearer
        /// A header of this name that holds the bare key.
        case header(String)
    }

    let key: APIKey
    let placement: Placement
    /// What errors call the vendor.
    let vendor: String

    package init(_ key: APIKey, as placement: Placement, vendor: String) {
        self.key = key
        self.placement = placement
        self.vendor = vendor
    }

    package func sign(_ request: inout EncodedRequest) async throws(LLMError) {
        guard let key = try await key.load(vendor: vendor) else { return }
        switch placement {
        case .bearer: request.headers.append(HTTPHeader("Authorization", "Bearer \(key)"))
        case .header(let name): request.headers.append(HTTPHeader(name, key))
        }
        request.secrets.append(key)
    }

    package func preflight() throws(LLMError) { try key.validate(vendor: vendor) }

    package var mayWait: Bool { key.mayWait }

    package var source: String? { key.variable }
}
