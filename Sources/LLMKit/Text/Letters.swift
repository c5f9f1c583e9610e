/// A word as letters of five bits each, the last one lowest: what stemming and look-ups work on without a buffer.
///
/// Case and Latin diacritics are folded away. Letters of other scripts keep five bits as well, and besides enter
/// ``spill`` whole, as do letters that no longer fit, so that ``key`` tells all words apart.
struct Letters: Hashable {
    private(set) var packed: UInt128 = 0
    private(set) var count = 0
    private(set) var spill: UInt64 = 0

    /// How many letters ``packed`` holds.
    private static let capacity = 25

    init() {}

    /// From lower-case ASCII letters; anything else is left out.
    init(_ word: String) {
        for byte in word.utf8 where byte >= 0x61 && byte <= 0x7A { append(ascii: byte) }
    }

    var isEmpty: Bool { count == 0 }

    mutating func append(ascii byte: UInt8) { push(UInt64(byte & 31)) }

    mutating func append(foreign scalar: UInt32) {
        spill = (spill ^ UInt64(scalar)) &* 0x0000_0100_0000_01B3 &+ 1
        push(UInt64(scalar % 31) + 1)
    }

    private mutating func push(_ code: UInt64) {
        if count >= Self.capacity {
            spill = (spill ^ UInt64(truncatingIfNeeded: packed &>> 120)) &* 0x0000_0100_0000_01B3 &+ 1
            packed &= (1 &<< 120) &- 1
        }
        packed = packed &<< 5 | UInt128(code)
        count &+= 1
    }

    mutating func append(contentsOf other: Letters) {
        guard other.count <= Self.capacity else { return }
        for place in stride(from: other.count - 1, through: 0, by: -1) {
            push(UInt64(truncatingIfNeeded: other.packed &>> UInt128(5 * place)) & 31)
        }
    }

    /// What look-up tables know the word by.
    var key: UInt64 {
        let low = UInt64(truncatingIfNeeded: packed)
        let high = UInt64(truncatingIfNeeded: packed &>> 64) ^ spill
        return Self.mix(low, high)
    }

    /// Two keys into one: of a phrase, in order.
    static func mix(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var hash = (first ^ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash &>> 29
        hash = (hash ^ second) &* 0x94D0_49BB_1331_11EB
        hash ^= hash &>> 32
        hash = hash &* 0xBF58_476D_1CE4_E5B9
        return hash ^ (hash &>> 29)
    }

    /// The first twelve letters, right-aligned: enough to compare spellings.
    var head: UInt64 {
        let held = min(count, Self.capacity)
        return UInt64(truncatingIfNeeded: held > 12 ? packed &>> UInt128(5 * (held - 12)) : packed)
    }

    func ends(with suffix: Suffix) -> Bool {
        UInt64(truncatingIfNeeded: packed) & suffix.mask == suffix.packed
    }

    /// The letter `offset` places before the last one, 1 for "a"; 0 where there is none.
    private func letter(fromEnd offset: Int) -> UInt8 {
        offset < Self.capacity ? UInt8(truncatingIfNeeded: packed &>> UInt128(5 * offset)) & 31 : 0
    }

    /// All but the last letter.
    var withoutLast: Letters {
        var word = self
        if word.count > 0 { word.drop(1) }
        return word
    }

    private mutating func drop(_ letters: Int) {
        packed &>>= UInt128(5 * letters)
        count &-= letters
    }

    /// Up to six letters at the end of a word.
    struct Suffix {
        let packed: UInt64
        let mask: UInt64

        init(_ letters: String) {
            var packed: UInt64 = 0
            var mask: UInt64 = 0
            for byte in letters.utf8 {
                packed = packed &<< 5 | UInt64(byte & 31)
                mask = mask &<< 5 | 31
            }
            self.packed = packed
            self.mask = mask
        }
    }
}

extension Letters {
    private static let ies = Suffix("ies")
    private static let ied = Suffix("ied")
    private static let ing = Suffix("ing")
    private static let ed = Suffix("ed")
    private static let ly = Suffix("ly")
    private static let sses = Suffix("sses")
    private static let ches = Suffix("ches")
    private static let shes = Suffix("shes")
    private static let xes = Suffix("xes")
    private static let ss = Suffix("ss")
    private static let us = Suffix("us")
    private static let `is` = Suffix("is")
    private static let s = Suffix("s")
    private static let y = Suffix("y")
    private static let e = Suffix("e")
    private static let ise = Suffix("is")
    private static let our = Suffix("our")

    /// The word without the endings of English inflection, and in one spelling where British and American differ.
    ///
    /// Not a word to be read: "making" and "make" both give "mak", "organise" and "organize" "organiz".
    var stem: Letters {
        guard spill == 0, count >= 4 else { return self }
        var word = self
        let isPlural = !word.ends(with: Self.ss) && !word.ends(with: Self.us) && !word.ends(with: Self.is)
        if word.ends(with: Self.s), isPlural, word.count < 5 || word.hasVowel {
            if word.ends(with: Self.ies), count >= 5 {
                word.drop(2)
            } else if word.ends(with: Self.sses) || word.ends(with: Self.ches) || word.ends(with: Self.shes)
                || word.ends(with: Self.xes)
            {
                word.drop(2)
            } else {
                word.drop(1)
            }
        }
        if word.ends(with: Self.ing), word.count >= 6 {
            word.drop(3)
            word.undouble()
        } else if word.ends(with: Self.ied), word.count >= 5 {
            word.drop(2)
        } else if word.ends(with: Self.ed), word.count >= 5, word.letter(fromEnd: 2) != 5 {
            word.drop(2)
            word.undouble()
        } else if word.ends(with: Self.ly), word.count >= 6 {
            word.drop(2)
        }
        if word.ends(with: Self.e), word.count >= 4 { word.drop(1) }
        if word.ends(with: Self.y), word.count >= 4 {
            word.drop(1)
            word.append(ascii: 0x69)
        }
        if word.ends(with: Self.ise), word.count >= 6 {
            word.drop(1)
            word.append(ascii: 0x7A)
        }
        if word.ends(with: Self.our), word.count >= 5 {
            word.drop(2)
            word.append(ascii: 0x72)
        }
        return word
    }

    /// Bit n for the n-th letter of the alphabet: a, e, i, o, u, y.
    private static let vowels: UInt32 = 0b10_0010_0000_1000_0010_0010_0010

    /// Whether a vowel is among the letters: "https" and "css" are no plurals.
    private var hasVowel: Bool {
        var left = packed
        while left != 0 {
            if Self.vowels >> UInt32(truncatingIfNeeded: left & 31) & 1 == 1 { return true }
            left &>>= 5
        }
        return false
    }

    /// "stopping" less "ing" ends in a double letter that "stop" lacks; "ll", "ss" and "zz" stay, as in "call".
    private mutating func undouble() {
        let last = letter(fromEnd: 0)
        if count >= 4, last == letter(fromEnd: 1), last != 12, last != 19, last != 26, last != 5 { drop(1) }
    }
}
