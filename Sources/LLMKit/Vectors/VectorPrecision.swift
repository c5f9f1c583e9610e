/// How the numbers of vectors are stored.
public enum VectorPrecision: String, Hashable, Sendable, Codable {
    /// 4 bytes a number.
    case f32
    /// 2 bytes a number: cosines are off by up to about 0.0003.
    case f16

    /// How many bytes a number takes.
    var bytes: Int { self == .f32 ? 4 : 2 }
}
