/// Votes of the commonest words for the languages that have them.
extension TraitsBuilder {
    mutating func vote(_ languages: UInt32) {
        var left = languages
        while left != 0 {
            let language = left.trailingZeroBitCount
            votes[language] = votes[language] == 255 ? 255 : votes[language] + 1
            left &= left - 1
        }
    }

    var strongestForeignVote: UInt8 {
        var strongest: UInt8 = 0
        for language in (Int(TextLanguage.english.rawValue) + 1)..<21 { strongest = max(strongest, votes[language]) }
        return strongest
    }

    var detectedLanguage: TextLanguage {
        var total = 0
        for script in 0..<16 { total += Int(scripts[script]) }
        func share(_ script: TextScript) -> Bool { Int(scripts[Int(script.rawValue)]) * 2 > total }
        if total == 0 { return .unknown }
        if scripts[Int(TextScript.kana.rawValue)] > 0 { return .japanese }
        let told: [(TextScript, TextLanguage)] = [
            (.greek, .greek), (.cyrillic, .russian), (.hebrew, .hebrew), (.arabic, .arabic), (.devanagari, .hindi),
            (.bengali, .bengali), (.tamil, .tamil), (.telugu, .telugu), (.thai, .thai), (.hangul, .korean),
            (.han, .chinese),
        ]
        for (script, language) in told where share(script) { return language }
        guard share(.latin) else { return .unknown }
        var best = 0
        var second: UInt8 = 0
        for language in 2..<21 {
            if votes[language] > votes[best] {
                second = votes[best]
                best = language
            } else if votes[language] > second {
                second = votes[language]
            }
        }
        let isClear = votes[best] >= 3 && (votes[best] >= 2 * second || votes[best] >= second + 2)
        if isClear { return TextLanguage(rawValue: UInt8(best)) ?? .unknown }
        let isForeign = votes[best] >= 2 && votes[Int(TextLanguage.english.rawValue)] == 0
        return isForeign ? .foreign : .unknown
    }
}
