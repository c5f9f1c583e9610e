extension TraitWord {
    /// How two words are akin by their letters alone.
    enum Kinship {
        case none
        /// Inflected or derived forms of one word, or a slip of the pen.
        case same
        /// One is the other with "un", "dis" or the like before it.
        case opposite
    }

    func kinship(to other: TraitWord) -> Kinship {
        guard letters != 0, other.letters != 0, flags.isDisjoint(with: .character) else { return .none }
        if letters == other.letters { return .same }
        let length = Self.length(letters)
        let otherLength = Self.length(other.letters)
        let (long, short) = length >= otherLength ? (self, other) : (other, self)
        let (longer, shorter) = length >= otherLength ? (length, otherLength) : (otherLength, length)
        if longer - shorter >= 2, longer - shorter <= 3, shorter >= 4,
            Self.isOpposite(long.letters, of: short.letters, longer, shorter)
        {
            return .opposite
        }
        if kind == .name || other.kind == .name {
            // Names are slips of each other only where one of the two is no name that is known.
            if flags.contains(.known), other.flags.contains(.known) { return .none }
        } else if Self.isDerived(long.letters, short.letters, longer, shorter) {
            return .same
        }
        if Self.respelled(letters) == Self.respelled(other.letters) { return .same }
        // Of two words that both stand in tables neither is a slip of the other. Where neither does, they may be names, and names
        // that are alike are the ones to be careful with: prednisone, prednisolone.
        if flags.contains(.known), other.flags.contains(.known) { return .none }
        let areStrange = !flags.contains(.known) && !other.flags.contains(.known)
        // Letters that changed places, or are written once for twice, are slips at any length.
        if !areStrange, shorter >= 4, Self.isTwist(letters, other.letters) { return .same }
        if flags.contains(.capital), other.flags.contains(.capital) { return .none }
        let isName = kind == .name || other.kind == .name
        let allowed = areStrange || isName ? (shorter >= 6 ? 1 : 0) : shorter >= 9 ? 2 : shorter >= 5 ? 1 : 0
        guard allowed > 0, longer - shorter <= allowed else { return .none }
        guard Self.letter(letters, length, 0) == Self.letter(other.letters, otherLength, 0) else { return .none }
        return Self.isSlip(long.letters, short.letters, longer, shorter, allowed: allowed) ? .same : .none
    }

    /// One spelling for what British and American English spell apart, as far as stems keep it: centre, analyse, anaemia,
    /// catalogue, licence, cancelled.
    private static func respelled(_ word: UInt64) -> UInt64 {
        var left = length(word)
        var spelled: UInt64 = 0
        var last: UInt64 = 0
        while left > 0 {
            left -= 1
            var letter = word >> UInt64(5 * left) & 31
            let next = left > 0 ? word >> UInt64(5 * (left - 1)) & 31 : 0
            // ae and oe to e, ll and mm to one, ys to yz, nc at the end to ns, ou before r to o, ogu at the end to og.
            if letter == 1 || letter == 15, next == 5 { continue }
            if letter == last, letter == 12 || letter == 13 { continue }
            if letter == 19, last == 25 || last == 9 { letter = 26 }
            if letter == 3, last == 14, left == 0 { letter = 19 }
            if letter == 21, next == 18 || next == 12, last == 15 { continue }
            if letter == 21, last == 7, left == 0 { continue }
            // tr at the end to ter.
            if letter == 18, left == 0, last == 20 || last == 2 { spelled = spelled << 5 | 5 }
            spelled = spelled << 5 | letter
            last = letter
        }
        return spelled
    }

    /// Whether two words differ by one pair of neighbours that changed places, or by doubled letters alone.
    private static func isTwist(_ one: UInt64, _ other: UInt64) -> Bool {
        if length(one) != length(other) { return single(one) == single(other) }
        let difference = one ^ other
        guard difference != 0 else { return true }
        let place = difference.trailingZeroBitCount / 5 * 5
        guard difference >> UInt64(place) < 1 << 10 else { return false }
        let (a, b) = (one >> UInt64(place) & 1023, other >> UInt64(place) & 1023)
        return a >> 5 == b & 31 && a & 31 == b >> 5
    }

    /// With each letter once where it is doubled.
    private static func single(_ word: UInt64) -> UInt64 {
        var (left, result, last) = (length(word), UInt64(0), UInt64(0))
        while left > 0 {
            left -= 1
            let letter = word >> UInt64(5 * left) & 31
            if letter != last { result = result << 5 | letter }
            last = letter
        }
        return result
    }

    static func length(_ letters: UInt64) -> Int { (64 - letters.leadingZeroBitCount + 4) / 5 }

    /// The letter at a place, counted from the first.
    private static func letter(_ word: UInt64, _ length: Int, _ place: Int) -> UInt64 {
        word >> UInt64(5 * (length - 1 - place)) & 31
    }

    private static func isOpposite(_ long: UInt64, of short: UInt64, _ longer: Int, _ shorter: Int) -> Bool {
        // Only twelve letters are kept, so the end of a long word may be missing.
        let shift = UInt64(5 * shorter)
        let prefix = long >> shift
        let end = long & (1 << shift - 1)
        return end == short && prefixes.contains(prefix)
    }

    private static let prefixes: [UInt64] = ["un", "dis", "in", "im", "ir", "il", "non", "mis", "de"].map {
        Letters($0).head
    }

    /// Both begin with the same five letters or more and go on with endings that form words.
    private static func isDerived(_ long: UInt64, _ short: UInt64, _ longer: Int, _ shorter: Int) -> Bool {
        guard longer <= 12 else { return false }
        let common = commonPrefix(long, short, longer, shorter)
        guard common >= 4, common >= shorter - 3 else { return false }
        let one = longer - common
        let other = shorter - common
        guard one <= 6, other <= 4, common >= 5 || other <= 1 else { return false }
        let endOfLong = long & (1 << UInt64(5 * one) - 1)
        let endOfShort = short & (1 << UInt64(5 * other) - 1)
        return endings.contains(endOfLong) && endings.contains(endOfShort)
    }

    private static let endings = Set(
        [
            "", "e", "ion", "ation", "ition", "tion", "ment", "er", "or", "ar", "ing", "al", "ity", "ness", "abl",
            "ibl",
            "iv", "ativ", "anc", "enc", "ant", "ent", "ly", "y", "ful", "ist", "ism", "ic", "ical", "ous", "at", "it",
            "iz", "is", "en", "an", "ian", "age", "ag", "ur", "ier", "ifi", "ify", "ication", "s", "es", "r", "t", "n",
            "th", "i", "ed", "ally", "ial", "sion", "d", "alli", "ilit", "ability", "ability", "ties", "ing",
        ].map { Letters($0).head }
    )

    private static func commonPrefix(_ long: UInt64, _ short: UInt64, _ longer: Int, _ shorter: Int) -> Int {
        let difference = long << UInt64(5 * (12 - longer)) ^ short << UInt64(5 * (12 - shorter))
        return difference == 0 ? shorter : min((difference.leadingZeroBitCount - 4) / 5, shorter)
    }

    /// Whether few single letters added, dropped, replaced or swapped make one of the other.
    private static func isSlip(
        _ long: UInt64,
        _ short: UInt64,
        _ longer: Int,
        _ shorter: Int,
        allowed: Int
    ) -> Bool {
        /// From the first difference on, with so many left to spend.
        func matches(_ i: Int, _ j: Int, _ left: Int) -> Bool {
            var i = i
            var j = j
            while i < longer, j < shorter, letter(long, longer, i) == letter(short, shorter, j) {
                i += 1
                j += 1
            }
            // Of long words the end is not kept.
            if i == longer || j == shorter { return longer == 12 || (longer - i) + (shorter - j) <= left }
            if left == 0 { return false }
            if matches(i + 1, j + 1, left - 1) || matches(i + 1, j, left - 1) || matches(i, j + 1, left - 1) {
                return true
            }
            return i + 1 < longer && j + 1 < shorter && letter(long, longer, i) == letter(short, shorter, j + 1)
                && letter(long, longer, i + 1) == letter(short, shorter, j) && matches(i + 2, j + 2, left - 1)
        }
        return matches(0, 0, allowed)
    }
}
