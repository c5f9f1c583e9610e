/// A part of what a policy has learned, small enough to be written by itself: that of one partition, say.
///
/// Keepers need not understand it. Two pieces of one key are put together by ``HitPolicy/combined(_:_:)``.
public struct PolicyPiece: Hashable, Sendable, Codable {
    /// Which part it is; unique within a policy.
    public var key: String
    /// What was learned, in the policy's own format.
    public var bytes: [UInt8]

    public init(key: String, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }
}
