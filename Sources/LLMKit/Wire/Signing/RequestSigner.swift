/// Puts credentials on a finished request: a key in a header, or a signature over everything that is sent.
///
/// The request holds its server, path, query, headers and body by then, so that a signer may sign all of them. What must
/// not be seen in errors goes into ``EncodedRequest/secrets``.
package protocol RequestSigner: Sendable {
    func sign(_ request: inout EncodedRequest) async throws(LLMError)

    /// Finds credentials that are missing or malformed, as far as that needs no network.
    func preflight() async throws(LLMError)

    /// Whether signing may have to wait for somebody, as for credentials that are fetched: then it is watched.
    var mayWait: Bool { get }

    /// Where the credentials come from, in a word for hints, such as an environment variable; `nil` if nobody knows.
    var source: String? { get }
}
