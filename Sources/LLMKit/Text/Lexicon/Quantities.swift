extension Lexicon {
    /// Number words of several languages by value. "One" is left to ``weakNumbers``.
    static let numbers: [(Double, String)] = [
        (0, "zero null nul"),
        (2, "two twice double zwei deux dos due dois duas twee två dwa два две दो"),
        (3, "three thrice triple drei trois tres tre três drie trzy три तीन"),
        (4, "four vier quatre cuatro quattro quatro fyra cztery четыре"),
        (5, "five fünf cinq cinco cinque vijf fem pięć пять"),
        (6, "six sechs seis sei zes sześć шесть"),
        (7, "seven sieben sept siete sette sete zeven sju siedem семь"),
        (8, "eight acht huit ocho otto oito åtta osiem восемь"),
        (9, "nine neun neuf nueve nove negen nio dziewięć девять"),
        (10, "ten zehn dix diez dieci dez tien tio dziesięć десять"),
        (11, "eleven elf onze undici elva"),
        (12, "twelve dozen zwölf douze doce dodici doze twaalf tolv"),
        (13, "thirteen"), (14, "fourteen"), (15, "fifteen quinze quince quindici"), (16, "sixteen"), (17, "seventeen"),
        (18, "eighteen"), (19, "nineteen"),
        (20, "twenty zwanzig vingt veinte venti vinte twintig tjugo"),
        (30, "thirty dreißig trente treinta trenta trinta dertig"),
        (40, "forty fourty vierzig quarante cuarenta"), (50, "fifty fünfzig cinquante cincuenta"),
        (60, "sixty sechzig soixante sesenta"), (70, "seventy siebzig"), (80, "eighty achtzig"), (90, "ninety neunzig"),
        (0.5, "half"), (0.25, "quarter_of"),
    ]

    static let weakNumbers: [(Double, String)] = [(1, "single")]

    static let scales: [(Double, String)] = [
        (100, "hundred hundert cien"),
        (1000, "thousand tausend mille mil тысяч тысяча"),
        (100_000, "lakh lac lakhs lacs"),
        (1_000_000, "million mio millionen millones milioni"),
        (10_000_000, "crore crores"),
        (1_000_000_000, "billion milliarde milliarden"),
        (1_000_000_000_000, "trillion"),
    ]

    static let ordinals: [(Double, String)] = [
        (2, "second"), (3, "third"), (4, "fourth"), (5, "fifth"), (6, "sixth"), (7, "seventh"),
        (8, "eighth"), (9, "ninth"), (10, "tenth"), (11, "eleventh"), (12, "twelfth"), (13, "thirteenth"),
        (14, "fourteenth"), (15, "fifteenth"), (16, "sixteenth"), (17, "seventeenth"), (18, "eighteenth"),
        (19, "nineteenth"), (20, "twentieth"), (100, "hundredth"),
    ]

    /// Roman numerals that are no English words; they count only in capitals.
    static let romans: [(Double, String)] = [
        (2, "ii"), (3, "iii"), (4, "iv"), (6, "vi"), (7, "vii"), (8, "viii"), (9, "ix"), (11, "xi"), (12, "xii"),
        (13, "xiii"), (14, "xiv"), (15, "xv"), (16, "xvi"), (17, "xvii"), (18, "xviii"), (19, "xix"), (20, "xx"),
    ]

    /// Told apart where a span or a weekday follows.
    static let relatives = ["last previous past preceding", "this current", "next coming upcoming following"]
}
