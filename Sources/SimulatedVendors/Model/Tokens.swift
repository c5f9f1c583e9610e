/// The tokenizer of the simulated vendors: four bytes are a token.
///
/// Real vendors come close to that in English, and here it makes every bill checkable by hand.
enum Tokens {
    static let bytesEach = 4
    /// What an image counts as, whatever its size: OpenAI's figure for low detail.
    static let perImage = 85

    static func count(bytes: Int) -> Int { (bytes + bytesEach - 1) / bytesEach }

    /// The text in pieces of at most four bytes, never cut inside a character's encoding.
    static func split(_ text: String) -> [String] {
        var pieces: [String] = []
        var piece = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            if size + width > bytesEach, size > 0 {
                pieces.append(String(piece))
                piece = String.UnicodeScalarView()
                size = 0
            }
            piece.append(scalar)
            size += width
        }
        if size > 0 { pieces.append(String(piece)) }
        return pieces
    }
}
