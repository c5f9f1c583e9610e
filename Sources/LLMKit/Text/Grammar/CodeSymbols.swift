/// What case and signs say in code and units: `-v` and `-V`, `==` and `===`, Gb and GB.
///
/// Elsewhere case and punctuation are noise, and left out; so only what can hardly be prose counts here.
struct CodeSymbols: Hashable, Sendable {
    /// Of the operators and flags, whatever their order; 0 for none.
    private(set) var signs: UInt32 = 0
    /// Whether a sign is there that no prose has.
    private(set) var isCode = false
    /// Of the units whose case matters, as they are written; 0 for none.
    private(set) var units: UInt32 = 0

    init() {}

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            let start = place
            if Self.isLetter(byte) {
                while place < bytes.count, Self.isLetter(bytes[place]) { place += 1 }
                unit(bytes, start, place)
            } else if byte == 0x2E, start == 0 || Self.isBlank(bytes[start - 1]) {
                // "./here" and "../there".
                while place < bytes.count, bytes[place] == 0x2E { place += 1 }
                if place < bytes.count, bytes[place] == 0x2F {
                    place += 1
                    add(Self.hash(bytes, start, place), isCode: true)
                }
            } else if byte == 0x24, place + 1 < bytes.count, Self.isVariable(bytes[place + 1]) {
                // "$*" and "$#".
                place += 2
                add(Self.hash(bytes, start, place), isCode: true)
            } else if Self.isOperator(byte) {
                while place < bytes.count, Self.isOperator(bytes[place]) { place += 1 }
                sign(bytes, start, &place)
            } else if byte == 0x5B || byte == 0x28 || byte == 0x7B, place + 1 < bytes.count,
                start == 0 || bytes[start - 1] == 0x20,
                bytes[place + 1] == (byte == 0x28 ? 0x29 : byte + 2)
            {
                place += 2
                add(Self.hash(bytes, start, place), isCode: true)
            } else {
                place += 1
            }
        }
    }

    /// What tells the signs and units of two texts apart.
    func conflicts(with other: CodeSymbols) -> MatchGuards {
        var conflicts: MatchGuards = []
        let isTold = signs != 0 && other.signs != 0 || isCode || other.isCode
        if signs != other.signs, isTold { conflicts.insert(.numbers) }
        if units != 0, other.units != 0, units != other.units { conflicts.insert(.units) }
        return conflicts
    }

    private mutating func add(_ hash: UInt32, isCode code: Bool) {
        signs = signs &+ hash
        isCode = isCode || code
    }

    private mutating func sign(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: inout Int) {
        func at(_ place: Int) -> UInt8 { bytes.indices.contains(place) ? bytes[place] : 0x20 }
        let before = at(start - 1)
        let after = at(end)
        let length = end - start
        let first = bytes[start]
        let isAlone = Self.isBlank(before)
        if isAlone, length <= 2, first == 0x2D || first == 0x2B && length == 1, Self.isLetter(after) {
            // A flag of a command, in its very case.
            while Self.isLetter(at(end)) || Self.isDigit(at(end)) || at(end) == 0x2D && Self.isLetter(at(end + 1)) {
                end += 1
            }
            add(Self.hash(bytes, start, end), isCode: true)
            return
        }
        if length == 1, first == 0x5C, Self.isLetter(after) {
            // An escape, as in regular expressions, in its very case.
            end += 1
            add(Self.hash(bytes, start, end), isCode: true)
            return
        }
        // "^end".
        if length == 1, first == 0x5E, isAlone, Self.isLetter(after) {
            add(Self.hash(bytes, start, end), isCode: true)
            return
        }
        if length == 1 {
            let isOpen = isAlone && Self.isBlank(after)
            switch first {
            case 0x3C, 0x3D, 0x3E, 0x7C, 0x5E, 0x5C: break  // < = > | ^ \
            case 0x2F, 0x2A, 0x25, 0x26: if !isOpen { return }  // / * % &
            default: return
            }
            add(Self.hash(bytes, start, end), isCode: false)
            return
        }
        // Dashes, rows of exclamation marks and the like are prose.
        let isMixed = (start..<end).contains { bytes[$0] != 0x2D && bytes[$0] != 0x21 }
        let isStep =
            length == 2 && first == 0x2D && at(start + 1) == 0x2D && (Self.isLetter(before) || Self.isLetter(after))
        guard isMixed || isStep else { return }
        var hash = Self.hash(bytes, start, end)
        // `++i` and `i++`.
        if isAlone, Self.isLetter(after) { hash = hash &* 31 }
        add(hash, isCode: true)
    }

    /// A unit whose case is part of its name: the size of its prefix, and bit or byte.
    private mutating func unit(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) {
        guard end - start == 2 || end - start == 4 && bytes[end - 1] | 0x20 == 0x73 && bytes[end - 2] | 0x20 == 0x70
        else {
            return
        }
        let prefix = bytes[start]
        let name = bytes[start + 1]
        if name | 0x20 == 0x62 {  // b, B
            guard Self.prefixes.contains(prefix | 0x20) else { return }
            // "16 gb" is careless for GB.
            let isCareless = prefix >= 0x61 && name == 0x62
            units = units &+ (UInt32(prefix | 0x20) << 8 | UInt32(isCareless ? 0x42 : name)) &* 0x9E37_79B1
        } else if prefix | 0x20 == 0x6D, end - start == 2, Self.bases.contains(name | 0x20) {
            let isShouted = prefix == 0x4D && name <= 0x5A && Self.lowerBases.contains(name | 0x20)
            let isCareless = prefix == 0x6D && name >= 0x61 && !Self.lowerBases.contains(name)
            if isShouted || isCareless { return }
            units = units &+ (UInt32(prefix) << 8 | UInt32(name | 0x20)) &* 0x9E37_79B1
        }
    }

    private static let prefixes = Array("kmgtp".utf8)
    private static let bases = Array("wvagms".utf8)
    /// Units written small.
    private static let lowerBases = Array("gms".utf8)

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> UInt32 {
        var hash: UInt32 = 0x811C_9DC5
        for place in start..<end { hash = (hash ^ UInt32(bytes[place])) &* 0x0100_0193 }
        return hash | 1
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x28 || byte == 0x60 || byte == 0x22 || byte == 0x27
    }
    private static func isVariable(_ byte: UInt8) -> Bool { variables.contains(byte) }
    private static let variables = Array("*#?@!".utf8)
    private static func isOperator(_ byte: UInt8) -> Bool { operators.contains(byte) }
    private static let operators = Set("=<>!&|+*/%^~\\-".utf8)
}
