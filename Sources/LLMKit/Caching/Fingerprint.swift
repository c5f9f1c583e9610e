/// The SHA-256 of a request's canonical form.
public struct Fingerprint: Hashable, Sendable {
    let a: UInt64
    let b: UInt64
    let c: UInt64
    let d: UInt64

    init(of request: ChatRequest) { (a, b, c, d) = (0, 0, 0, 0) }
}
